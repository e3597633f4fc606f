// A print button, shown only where a script can print. `data-count` is told of each press.
export function printer(element) {
  const { count } = element.dataset;
  element.hidden = false;
  element.addEventListener("click", () => {
    if (count) {
      const token = document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
      const body = new URLSearchParams({ csrfmiddlewaretoken: token });
      fetch(count, { method: "POST", body, keepalive: true }).catch(() => {});
    }
    window.print();
  });
}
