// The global interleaveCharts, in a browser and in the JavaScript engine that
// draws static pictures.
import { renderSVG, setMeasure } from './static.js';
import { mountAll, show, watch } from './live.js';

if (typeof document !== 'undefined') {
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', watch);
  else watch();
}

export { renderSVG, setMeasure, mountAll, show };
