// "/" puts the reader into this field, unless they are typing already.
export function slash(element) {
  const typing = (target) => target.closest("input, textarea, select, [contenteditable]") !== null;
  document.addEventListener("keydown", (event) => {
    const plain = !(event.ctrlKey || event.metaKey || event.altKey);
    if (event.key === "/" && plain && !typing(event.target)) {
      event.preventDefault();
      element.focus();
      element.select();
    }
  });
}
