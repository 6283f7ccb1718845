/**
 * Small forms for what is more than words: what each asks within the limits of its channel, and the message it becomes.
 * A form: {kind, icon, name, hint, blank(), parts(limits, draft, channel), finish(tidied), again(outgoing)}.
 */
import { address, buttonRows, checkCard, filled, line, words } from "./form_parts.js";
import { t } from "./i18n.js";
import { isBlank, refilled, tidied } from "./paths.js";
import { addressOf, checkPoint, pointOf } from "./readings.js";

// Comes back when it is pressed; a word that no bot's flow waits for.
const ANSWER = "said";

export const FORMS = {
  choices: {
    kind: "choices", icon: "buttons", name: (channel) => (channel === "whatsapp" ? t("Buttons") : t("Quick replies")),
    hint: (channel) => (channel === "whatsapp" ? "" : t("They vanish as soon as one is pressed or something is written.")),
    blank: () => ({ text: "", options: [{ title: "" }, { title: "" }] }),
    parts: ({ choices }, { options }, channel) => [
      words(t("Your question"), choices.text),
      { path: "options", label: channel === "whatsapp" ? t("Buttons") : t("Quick replies"), max: choices.buttons_max ?? choices.options_max,
        count: filled(options), add: t("Another button"), blank: { title: "" }, unique: true,
        rows: (n) => [line(`options[${n}].title`, t("Button {number}", { number: n + 1 }), choices.title_max, true)] },
    ],
    finish: (draft) => ({ ...draft, options: answering(draft.options ?? []) }),
  },
  list: {
    kind: "choices", icon: "list", name: () => t("List"),
    blank: () => ({ text: "", button: "", sections: [{ title: "", options: [{ title: "", description: "" }, { title: "", description: "" }] }] }),
    parts: ({ choices }, { sections }) => {
      const all = sections.flatMap(({ options }) => options);
      const several = sections.filter((section) => !isBlank(section)).length > 1;
      const room = choices.options_max - all.length;
      return [
        words(t("Your question"), choices.list_text ?? choices.text),
        line("button", t("Words that open the list"), choices.button_max, false, { placeholder: t("Options") }),
        { path: "sections", label: t("Rows of the list"), max: Math.min(choices.sections_max, sections.length + room), count: filled(all), most: choices.options_max,
          add: t("Another section"), blank: { title: "", options: [{ title: "", description: "" }] },
          called: (n) => t("Section {number}", { number: n + 1 }), rows: (n) => [
            line(`sections[${n}].title`, t("Heading of section {number}", { number: n + 1 }), choices.section_title_max, several),
            { path: `sections[${n}].options`, label: t("Rows of section {number}", { number: n + 1 }), max: sections[n].options.length + room,
              add: t("Another row"), blank: { title: "", description: "" },
              rows: (row) => [
                line(`sections[${n}].options[${row}].title`, t("Row {number}", { number: row + 1 }), choices.row_title_max, true),
                line(`sections[${n}].options[${row}].description`, t("Small words below"), choices.description_max, false, { small: true }),
              ] },
          ] },
      ];
    },
    finish: (draft) => {
      const ids = answers();
      return { button: t("Options"), ...draft, sections: (draft.sections ?? []).map(({ title = "", options = [] }) => ({ title, options: options.map((one) => ({ id: ids(), ...one })) })) };
    },
  },
  link: {
    kind: "link", icon: "link", name: () => t("Button with a link"),
    blank: () => ({ text: "", title: "", url: "" }),
    parts: ({ link }) => [
      words(t("Words above the button"), link.text),
      line("title", t("Words on the button"), link.title_max, true),
      address("url", t("Address it opens"), link.url_max, true),
    ],
    finish: (draft) => addressed(draft, ["url"]),
  },
  buttons: {
    kind: "buttons", icon: "buttons", name: () => t("Buttons that stay"),
    blank: () => ({ text: "", buttons: [{ title: "", url: "" }, { title: "", url: "" }] }),
    parts: ({ buttons: limits }, { buttons }) => [words(t("Words above the buttons"), limits.text), buttonRows("buttons", buttons, limits)],
    finish: (draft) => ({ ...draft, buttons: pressed(draft.buttons ?? [], answers()) }),
  },
  cards: {
    kind: "cards", icon: "card", name: () => t("Cards"),
    blank: () => ({ cards: [{ title: "", subtitle: "", image_url: "", url: "", buttons: [{ title: "", url: "" }] }] }),
    parts: ({ cards: limits }, { cards }) => [
      { path: "cards", label: t("Cards"), max: limits.cards_max, count: filled(cards), add: t("Another card"), blank: FORMS.cards.blank().cards[0], check: checkCard,
        called: (n) => t("Card {number}", { number: n + 1 }), rows: (n) => [
          line(`cards[${n}].title`, t("Title of card {number}", { number: n + 1 }), limits.title_max, true),
          line(`cards[${n}].subtitle`, t("Second line"), limits.subtitle_max),
          address(`cards[${n}].image_url`, t("Address of a picture"), limits.url_max),
          address(`cards[${n}].url`, t("Address a tap opens"), limits.url_max),
          buttonRows(`cards[${n}].buttons`, cards[n].buttons, { ...limits, title_max: limits.button_title_max }),
        ] },
    ],
    finish: ({ cards = [] }) => {
      const ids = answers();
      return { cards: cards.map((card) => ({ ...addressed(card, ["image_url", "url"]), ...(card.buttons && { buttons: pressed(card.buttons, ids) }) })) };
    },
  },
  contacts: {
    kind: "contacts", icon: "person", name: () => t("Contact"),
    blank: () => ({ contacts: [{ name: "", organisation: "", phones: [{ number: "" }], emails: [""] }] }),
    parts: ({ contacts: limits }, { contacts: [person] }) => [
      line("contacts[0].name", t("Name"), limits?.name_max, true),
      line("contacts[0].organisation", t("Company"), limits?.organisation_max),
      { path: "contacts[0].phones", label: t("Phone numbers"), max: 5, count: filled(person.phones), add: t("Another number"), blank: { number: "" },
        rows: (n) => [line(`contacts[0].phones[${n}].number`, t("Phone number {number}", { number: n + 1 }), null, isBlank(person.emails), { kind: "tel", hint: n ? "" : t("With the country's code: +971…") })] },
      line("contacts[0].emails[0]", t("Email"), limits?.email_max, false, { kind: "email" }),
    ],
    finish: (draft) => draft,
  },
  location: {
    kind: "location", icon: "place", name: () => t("Place"),
    blank: () => ({ name: "", address: "", point: "" }),
    parts: ({ location: limits }, _draft, channel) => [
      line("name", t("Name of the place"), limits?.name_max, true),
      line("address", t("Address"), limits?.address_max),
      line("point", t("Where it is"), null, true, { kind: "url", check: checkPoint, placeholder: "25.19718, 55.27437",
        hint: channel === "whatsapp" ? t("Paste the coordinates, or the address of a map that shows them.") : t("Paste the coordinates, or the address of a map that shows them. It arrives as words with a link to the map.") }),
    ],
    finish: ({ point = "", ...draft }) => ({ ...pointOf(point), ...draft }),
    again: ({ latitude, longitude, name = "", address: street = "" }) => ({ name, address: street, point: `${latitude}, ${longitude}` }),
    // The point is one field here and two there.
    named: { latitude: "point", longitude: "point" },
  },
  ask_location: asking("ask_location", "locate", () => t("Ask for the location"), () => t("Would you send us your location, please?"), () => t("The customer gets a button that sends their location.")),
  ask_contact: asking("ask_contact", "call", () => t("Ask for the phone number"), () => t("Would you share your phone number with us, please?"), () => t("The customer gets a button that shares their number.")),
};

/** The forms this channel takes, in the order they are offered. */
export function formsFor({ sends = [], choices }) {
  return Object.keys(FORMS).filter((form) => sends.includes(FORMS[form].kind) && (form !== "list" || choices?.sections_max));
}

/** Which form made it. */
export function formOf(outgoing) {
  return outgoing.kind === "choices" && outgoing.sections?.length ? "list" : outgoing.kind;
}

export function draftOf(form, outgoing) {
  return FORMS[form].again?.(outgoing) ?? refilled(FORMS[form].blank(), outgoing);
}

/** What the server is asked to say. */
export function outgoingOf(form, draft) {
  return { kind: FORMS[form].kind, ...FORMS[form].finish(tidied(draft)) };
}

/** What it says in words, for rows of the list and for what could not be sent. */
export function wordsOf({ text, name, contacts, cards }) {
  return text ?? name ?? (contacts ?? []).map((one) => one.name).concat((cards ?? []).map((one) => one.title)).join("\n");
}

function asking(kind, icon, name, proposal, hint) {
  return {
    kind, icon, name, hint,
    blank: () => ({ text: proposal() }),
    parts: (limits) => [words(t("What you ask"), limits[kind]?.text)],
    finish: (draft) => draft,
  };
}

function answers() {
  let count = 0;
  return () => `${ANSWER}-${(count += 1)}`;
}

function answering(options) {
  const ids = answers();
  return options.map((one) => ({ id: ids(), ...one }));
}

function pressed(buttons, ids) {
  return buttons.map((one) => (one.url ? addressed(one, ["url"]) : { ...one, payload: ids() }));
}

function addressed(value, names) {
  return names.reduce((found, name) => (found[name] ? { ...found, [name]: addressOf(found[name]) } : found), value);
}
