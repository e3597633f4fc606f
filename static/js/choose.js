// Rows that are chosen together: all at once, and how many there are.
export function chooser(form) {
  const boxes = [...form.querySelectorAll("[data-choose] input[type=checkbox]")];
  const all = form.querySelector("[data-choose-all]");
  const words = form.querySelector("[data-choose-words]");
  const empty = words.textContent;

  const settle = () => {
    const count = boxes.filter((box) => box.checked).length;
    for (const box of boxes) box.closest("tr, li").classList.toggle("hub-row--chosen", box.checked);
    if (all) {
      all.checked = count > 0 && count === boxes.length;
      all.indeterminate = count > 0 && count < boxes.length;
    }
    words.textContent = count ? `${count} chosen${words.dataset.chooseMore ?? ""}` : empty;
  };
  all?.closest("[hidden]").removeAttribute("hidden");
  all?.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    settle();
  });
  form.addEventListener("change", settle);
  // The browser may bring back what was ticked before.
  window.addEventListener("pageshow", settle);
  settle();
}
