(function(){var w=window,d=document,b=d.body&&d.body.dataset,l=w._JUPYTERLAB&&w._JUPYTERLAB["interleave-charts"],s;
function go(){if(w.interleaveCharts)w.interleaveCharts.mountAll()}
if(w.interleaveCharts)go();
else if(l)l.runtime().then(go,function(){});
else if(b&&b.baseUrl&&b.notebookPath&&!d.querySelector("script[data-interleave]")){s=d.createElement("script");s.dataset.interleave="";s.src=b.baseUrl+"nbextensions/interleave-charts/runtime.js";d.head.appendChild(s)}})()
