// The editor of an exercise: CodeMirror (MIT licence, Marijn Haverbeke and others) with Python, bundled by esbuild.
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, defaultHighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightSpecialChars, keymap } from "@codemirror/view";

// Puts an editor into `parent`. `changed(text)` hears every change, `run()` Shift or Ctrl with Enter. Tab indents, as
// code needs it; Escape leaves the editor, so that the keyboard is not caught in it.
export function editor(parent, text, label, changed, run) {
  const start = () => { run(); return true; };
  const leave = (view) => { view.contentDOM.blur(); parent.focus(); return true; };
  const extensions = [
    highlightSpecialChars(), history(), drawSelection(), indentOnInput(), indentUnit.of("    "), bracketMatching(),
    syntaxHighlighting(defaultHighlightStyle, { fallback: true }), python(), EditorView.lineWrapping,
    EditorView.contentAttributes.of({ "aria-label": label, autocapitalize: "off", autocorrect: "off", spellcheck: "false" }),
    EditorView.updateListener.of((update) => { if (update.docChanged) changed(update.state.doc.toString()); }),
    keymap.of([{ key: "Shift-Enter", run: start }, { key: "Mod-Enter", run: start }, { key: "Escape", run: leave },
      ...defaultKeymap, ...historyKeymap, indentWithTab]),
  ];
  const view = new EditorView({ parent, state: EditorState.create({ doc: text, extensions }) });
  return {
    text: () => view.state.doc.toString(),
    put(now) { view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: now } }); },
    focus() { view.focus(); },
  };
}
