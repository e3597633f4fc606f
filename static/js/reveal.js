// Shows the part that belongs to the chosen answer. GOV.UK's own does this with aria-expanded on
// radio buttons, which ARIA does not allow there; the order of the page says the same.
export function revealer(group) {
  const choices = [...group.querySelectorAll("input[data-shows]")];
  const settle = () => {
    for (const choice of choices) {
      const part = document.getElementById(choice.dataset.shows);
      part.classList.toggle("govuk-radios__conditional--hidden", !choice.checked);
    }
  };
  group.addEventListener("change", settle);
  settle();
}
