// Says that the time is nearly up, and gives more of it for one press (WCAG 2.2.1). The server
// counts from the last request; pages that are open beside each other tell each other of theirs.
const WARNING = 120; // seconds in which somebody can answer
const SLACK = 60; // the server notes a request at most once a minute

function remembered(name) {
  try {
    return Number(window.localStorage.getItem(name)) || 0;
  } catch {
    return 0;
  }
}

function remember(name, when) {
  try {
    window.localStorage.setItem(name, String(when));
  } catch {
    // Where nothing may be kept, each page counts for itself.
  }
}

export function stay(dialog) {
  const { href, gone, minutes } = dialog.dataset;
  const lasts = Number(minutes) * 60 - SLACK;
  const name = `hub-stay:${href}`;
  const left = dialog.querySelector("[data-stay-left]");
  const button = dialog.querySelector("button");
  let last = Date.now();
  remember(name, last);

  const end = () => {
    window.clearInterval(ticking);
    if (gone) {
      window.location.replace(gone);
      return;
    }
    dialog.querySelector("[data-stay-words]").hidden = true;
    dialog.querySelector("[data-stay-over]").hidden = false;
    button.textContent = dialog.dataset.close;
    button.focus();
  };

  const more = async () => {
    if (button.textContent === dialog.dataset.close) {
      dialog.close();
      return;
    }
    const answer = await fetch(href, { method: "HEAD", redirect: "manual" });
    if (!answer.ok) {
      end();
      return;
    }
    last = Date.now();
    remember(name, last);
    dialog.close();
  };

  button.addEventListener("click", () => more().catch(() => {}));
  // Who presses Escape is there, too.
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    more().catch(() => {});
  });

  const tick = () => {
    const quiet = Math.floor((Date.now() - Math.max(last, remembered(name))) / 1000);
    const rest = lasts - quiet;
    if (rest <= 0) {
      if (!dialog.open) dialog.showModal();
      end();
    } else if (rest <= WARNING) {
      left.textContent = `${Math.floor(rest / 60)}:${String(rest % 60).padStart(2, "0")}`;
      if (!dialog.open) dialog.showModal();
    } else if (dialog.open) dialog.close();
  };
  const ticking = window.setInterval(tick, 1000);
}
