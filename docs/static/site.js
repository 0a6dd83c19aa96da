// What scrolls sideways can be reached by keyboard, and only while it does scroll.
const scrollers = () => document.querySelectorAll("pre, .table-wrapper, div.math");
const reach = () => {
  for (const box of scrollers()) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
};
addEventListener("resize", reach);
addEventListener("load", () => (window.MathJax?.startup?.promise ?? Promise.resolve()).then(reach));

// From a file a page may not read others: the search then shows titles alone.
if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
