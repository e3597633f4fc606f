// What everybody may know already, shown before anybody gives a name, as the server's pages do.
import * as flow from "../flow.js";
import { isLate, standing } from "../rules/known.js";
import { part } from "../rules/visit.js";
import { shown } from "./showing.js";

// Stands for the service and the place: other ones, and what is known is another thing.
const markOf = ({ service, postcode }) => `${service} ${postcode}`;
const notices = ({ content, visit, clock }) => standing(content.notices ?? [], visit.service, visit.codes, clock());

// Whether there is something that the person has not read yet.
export const isDue = (here) => here.visit.known !== markOf(here.visit) && notices(here).length > 0;

// The visit of somebody who has read it, and says that theirs is not among it.
export const passed = (visit) => ({ ...visit, known: markOf(visit) });

function told(one, here) {
  const moment = one.expected === null ? "" : shown.moment(one.expected, here.language);
  const late = isLate(one, here.clock());
  return { ...one, moment, late: late && moment, ends: !late && moment, open: !moment };
}

export function known(here, at) {
  const { visit } = here;
  const today = here.today();
  const person = visit.asked && part(flow.formOf(visit), visit, "you", today);
  if (!person || !flow.mayAnswer(visit, person.key, today)) return flow.onward(visit, today);
  const found = notices(here);
  if (found.length === 0) return { to: "question", key: person.key };
  return {
    name: "known",
    values: { service: visit.asked.name, taken: Boolean(at.taken), notices: found.map((one) => told(one, here)) },
    back: flow.before(visit, person.key, today),
    where: `${visit.service}/nearby`,
    on: {
      go_on: () => {
        here.visit = passed(here.visit);
        return { to: "question", key: person.key };
      },
    },
  };
}
