function (demo) {
  const root = document.currentScript && document.currentScript.parentElement;
  if (!root) return;
  const make = (tag, parent) => parent.appendChild(document.createElement(tag));
  root.querySelector("img").remove();
  root.querySelector("p").remove();

  const label = make("label", root);
  label.style.cssText = "display:flex;gap:.8em;align-items:center;margin-bottom:8px";
  make("span", label).textContent = demo.label;
  const input = make("input", label);
  Object.assign(input, { type: "range", min: 0, max: demo.moving.length - 1, step: 1 });
  input.style.flex = "1";
  // JupyterLab would take the arrow keys for itself.
  input.dataset.lmSuppressShortcuts = "true";
  const readout = make("span", label);
  readout.style.minWidth = "9em";

  const picture = make("div", root);
  picture.innerHTML = demo.svg;
  const words = make("div", root);
  words.style.minHeight = "4.5em";
  const show = () => {
    const at = input.valueAsNumber;
    picture.querySelector("[data-moving]").innerHTML = demo.moving[at];
    picture.firstChild.setAttribute("aria-label", demo.title + ". " + demo.lines[at].join(" "));
    input.setAttribute("aria-valuetext", demo.values[at]);
    readout.textContent = demo.values[at];
    words.replaceChildren(...demo.lines[at].flatMap((line) => [line, document.createElement("br")]));
  };
  input.addEventListener("input", show);
  input.value = demo.start;
  show();
}
