/** What each channel's phone can send beyond words: an icon, and what is asked of the simulator. */

const file = (kind) => ({ icon: kind, label: `kind_${kind}`, wish: { kind } });
const thing = (kind, icon, extra = {}) => ({ icon, label: `kind_${kind}`, wish: { kind, ...extra } });
/** Leaves no line on the phone. */
const silent = (kind, icon, extra) => ({ ...thing(kind, icon, extra), silent: true });
const named = (name, entry) => ({ ...entry, label: `kind_${name}` });

const WHATSAPP = {
  attach_files: ["image", "video", "voice", "audio", "document", "sticker"].map(file),
  attach_things: [
    thing("location", "location"), thing("contacts", "contacts"), thing("order", "order"),
    thing("form_reply", "form"), thing("call_permission", "call"), thing("unsupported", "poll"),
  ],
  attach_self: [
    thing("system", "device"),
    named("stop", silent("preference", "stop", { value: "stop" })),
    named("resume", silent("preference", "bell", { value: "resume" })),
  ],
  attach_rare: [silent("welcome", "wave"), silent("click", "link"), thing("unknown", "question")],
};

const MESSENGER = {
  attach_files: ["image", "video", "voice", "audio", "document", "sticker", "like"].map(file),
  attach_things: [
    thing("location", "location"), thing("fallback", "link"), thing("template", "order"), thing("reel", "reel"),
    thing("post", "post"), thing("appointment", "booking"), thing("postback", "question"), thing("lead", "form"),
    thing("order", "order"), thing("optin", "bell"),
  ],
  attach_rare: [
    thing("command", "form"), silent("account_linking", "contacts"),
    named("account_unlinking", silent("account_linking", "stop", { action: "unlinked" })),
    silent("response_feedback", "like"), silent("handover", "turn"), silent("policy_enforcement", "bell"),
    named("withheld", thing("unsupported", "eye")), thing("unknown", "question"), silent("unknown_event", "question"),
  ],
};

const INSTAGRAM = {
  attach_files: ["image", "video", "voice", "audio", "document"].map(file),
  attach_things: [
    thing("story_mention", "story"), named("story_film", thing("story_mention", "video", { file: "clip.mp4" })), thing("story_reply", "reply"), thing("post", "post"), thing("reel", "reel"),
    thing("view_once", "eye"), thing("product", "order"), thing("postback", "question"), thing("comment", "comment"),
    thing("template", "order"), thing("unsupported", "poll"),
  ],
  attach_rare: [silent("handover", "turn"), thing("unknown", "question"), silent("unknown_event", "question")],
};

/** What each phone's plus sign offers, under its headings: the usual first. */
export const KINDS = { whatsapp: WHATSAPP, messenger: MESSENGER, instagram: INSTAGRAM };
/** What is sent in another way: written, pressed, from a bubble's menu, by looking, by arriving. */
export const OTHERWISE = {
  text: "composer", button_reply: "press", list_reply: "press", quick_reply: "press", button: "press",
  reaction: "bubble", edit: "bubble", revoke: "bubble", read: "look", referral: "arrive",
};
export const REACTIONS = ["👍", "❤️", "😂", "😮", "😢", "😡"];

/** The kind a file from the device is sent as. */
export function kindOfFile(type) {
  const family = type.split("/")[0];
  return ["image", "video", "audio"].includes(family) ? family : "document";
}
