(function () {
  "use strict";
  const root = document.documentElement;
  const all = (selector) => Array.from(document.querySelectorAll(selector));
  const on = (selector, act) => all(selector).forEach((e) => e.addEventListener("click", (event) => {
    event.preventDefault(); // a button in a summary does not fold
    act(e);
  }));

  const looks = ["auto", "light", "dark"];
  const look = () => root.dataset.theme || "auto";
  function wear(name) {
    if (name === "auto") delete root.dataset.theme; else root.dataset.theme = name;
    all("button.theme").forEach((b) => { b.textContent = "theme: " + name; });
  }
  on("button.theme", () => {
    const next = looks[(looks.indexOf(look()) + 1) % looks.length];
    wear(next);
    try {
      if (next === "auto") localStorage.removeItem("interleave-theme"); else localStorage.setItem("interleave-theme", next);
    } catch (e) { /* a page opened as a file may have no storage */ }
  });

  on("button.fold", (button) => {
    const inputs = all("details.input");
    const open = !inputs.some((d) => d.open);
    inputs.forEach((d) => { d.open = open; });
    button.textContent = open ? "fold code" : "unfold code";
  });

  function legacyCopy(text) {
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done ? Promise.resolve() : Promise.reject(new Error("copy"));
  }
  on("button.copy", (button) => {
    const text = button.closest("details").querySelector("code").textContent;
    const copied = navigator.clipboard ? navigator.clipboard.writeText(text).catch(() => legacyCopy(text)) : legacyCopy(text);
    copied.then(() => "copied", () => "not copied").then((word) => {
      button.textContent = word;
      setTimeout(() => { button.textContent = "copy"; }, 1500);
    });
  });

  const packed = document.querySelector("script.notebook");
  on("button.download", () => {
    const bytes = Uint8Array.from(atob(packed.textContent), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    new Response(stream).blob().then((blob) => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([blob], { type: "application/x-ipynb+json" }));
      link.download = packed.dataset.name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    });
  });
  if (typeof DecompressionStream === "undefined") all("button.download").forEach((b) => b.remove());

  const links = new Map(all("nav a[href^='#']").map((a) => [decodeURIComponent(a.hash.slice(1)), a]));
  const headings = all("section.text h1, section.text h2, section.text h3").filter((h) => links.has(h.id));
  function mark() {
    let current = headings[0];
    for (const h of headings) if (h.getBoundingClientRect().top < 120) current = h;
    for (const [id, a] of links) {
      if (current && id === current.id) a.setAttribute("aria-current", "true"); else a.removeAttribute("aria-current");
    }
  }
  addEventListener("scroll", mark, { passive: true });
  mark();

  if (matchMedia("(max-width: 60rem)").matches) all(".contents").forEach((d) => { d.open = false; });

  wear(look());
  all("[hidden]").filter((e) => e.matches(".tools, .copy")).forEach((e) => { e.hidden = false; });
})();
