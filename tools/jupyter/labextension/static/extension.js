// What makes a lesson pleasant to read in JupyterLab. Written by hand, so that nothing has to be built: JupyterLab
// asks a container, as webpack would make it, for the module "./extension" and activates the plugin in it.

const STYLE = `
  .jp-Notebook .jp-MarkdownOutput { font-size: 16px; line-height: 1.6; }
  .jp-Notebook .jp-MarkdownOutput > :is(p, ul, ol, blockquote, h1, h2, h3, details) { max-width: 46em; }
  .jp-Notebook .jp-MarkdownOutput > blockquote { border-left: 4px solid #0072b2; padding: 2px 14px; background: var(--jp-layout-color2); }
  .jp-Notebook .jp-MarkdownOutput details > summary { cursor: pointer; min-height: 24px; }
  .explorer-saved img { max-width: 100%; }
  [data-jp-theme-light="false"] :is(.explorer-saved, .jp-RenderedHTMLCommon > img) { opacity: .88; } /* no glaring slab */
`;
const RUNS_ALL = ["notebook:run-all-cells", "notebook:restart-run-all", "runmenu:run-all", "runmenu:restart-and-run-all"];
const TOLD = "why-cross-entropy:contents-shown";

// Run All selects the last cell and scrolls to it; the learner stays where the work is.
function stayInPlace(app) {
  const execute = app.commands.execute.bind(app.commands);
  app.commands.execute = (id, args) => {
    if (!RUNS_ALL.includes(id)) return execute(id, args);
    const notebook = app.shell.currentWidget?.content;
    const scrolling = notebook?.node?.querySelector(".jp-WindowedPanel-outer");
    if (!scrolling) return execute(id, args);
    const { activeCellIndex: index, activeCell } = notebook;
    const place = () => activeCell.node.getBoundingClientRect().top; // where it is seen: outputs above it may grow
    const before = place();
    const running = execute(id, args);
    const back = () => {
      if (notebook.isDisposed) return;
      if (![index, notebook.widgets.length - 1].includes(notebook.activeCellIndex)) return; // gone elsewhere meanwhile
      notebook.activeCellIndex = index;
      if (activeCell.node.isConnected) scrolling.scrollTop += place() - before;
    };
    requestAnimationFrame(back);
    Promise.resolve(running).finally(() => [0, 100, 300].forEach((later) => setTimeout(back, later)));
    return running;
  };
}

// A kernel that starts writes into the notebook what it says of its language (saving.py takes it out again); a lesson
// that was only opened is not a changed one, and closing it asks nothing.
function openingChangesNothing(app) {
  const seen = new WeakSet();
  app.shell.currentChanged?.connect((_, { newValue }) => {
    const model = newValue?.context?.model;
    if (!model?.metadataChanged || seen.has(model)) return;
    seen.add(model);
    model.metadataChanged.connect((_, { key }) => {
      if (key === "language_info" && !model.dirty) queueMicrotask(() => { model.dirty = false; });
    });
  });
}

// The first time, the headings of the lesson stand beside it and not the files; what one chooses later stays.
async function showContents(app) {
  await app.restored;
  if (localStorage.getItem(TOLD)) return;
  localStorage.setItem(TOLD, "yes");
  app.shell.activateById("table-of-contents");
}

const plugin = {
  id: "why-cross-entropy:lessons",
  description: "Reading lessons in JupyterLab",
  autoStart: true,
  activate(app) {
    document.head.append(Object.assign(document.createElement("style"), { textContent: STYLE }));
    stayInPlace(app);
    openingChangesNothing(app);
    showContents(app);
  },
};

window._JUPYTERLAB = window._JUPYTERLAB ?? {};
window._JUPYTERLAB["why-cross-entropy"] = {
  init() {},
  async get() { return () => ({ __esModule: true, default: plugin }); },
};
