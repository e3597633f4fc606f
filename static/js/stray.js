// What was meant for no key. Somebody who types while no field has the focus sends nothing: a key
// that follows a letter without a meaning at once is a letter, too; what a key had brought under
// Enter is let go again; and the space that follows it is no press.
// How long after such a letter a key means nothing, and sends nothing, in milliseconds.
const BURST = 400;
const TYPING = 1000;
let last = -TYPING;
let many = 0;
// The button that a key has just brought the focus to, where the focus came from, and the list of
// choices that a number straight after it goes into.
let reached = null;
let swallowed = false;

const since = () => performance.now() - last;

export function reach(one) {
  reached = { one, from: document.activeElement, list: one.closest('[data-numbers="entered"]'), at: performance.now() };
}

// The list that was entered by the key before this one.
export function entered() {
  return reached?.one === document.activeElement ? reached.list : null;
}

// Whether a key comes in the middle of words. What is sent at once waits longer.
export function isTyped(sends = false) {
  return since() < (sends ? TYPING : BURST);
}

// A key that means nothing here. True when somebody is typing, rather than slipped once.
export function strayed(event) {
  if (event.key.length !== 1 || event.key === " ") return false;
  many = since() < TYPING ? many + 1 : 1;
  last = performance.now();
  if (reached && reached.one === document.activeElement) {
    if (reached.from?.isConnected && reached.from !== document.body) reached.from.focus();
    else reached.one.blur();
  }
  reached = null;
  return many > 1;
}

// After each key: a number goes into what was entered by the very key before it.
export function after(was) {
  if (reached && reached === was) reached.list = null;
}

export const before = () => reached;

// A space or Enter in the middle of words presses nothing, nor does a space straight after a key.
export function presses(isField) {
  const soon = ({ key, target }) => {
    if (isField(target) || (key !== " " && key !== "Enter")) return false;
    if (many > 0 && since() < TYPING) return true;
    return key === " " && reached?.one === target && performance.now() - reached.at < TYPING;
  };
  document.addEventListener("keydown", (event) => {
    swallowed = soon(event);
    if (swallowed) event.preventDefault();
  });
  document.addEventListener("keyup", (event) => {
    if (event.key === " " && swallowed) event.preventDefault();
    swallowed = false;
  });
}
