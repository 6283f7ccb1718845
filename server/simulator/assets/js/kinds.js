/** What each channel's phone can send beyond words: an icon, and what is asked of the simulator. */

const file = (kind) => ({ icon: kind, label: `kind_${kind}`, wish: { kind } });
const thing = (kind, icon, extra = {}) => ({ icon, label: `kind_${kind}`, wish: { kind, ...extra } });

const WHATSAPP = {
  attach_files: ["image", "video", "voice", "audio", "document", "sticker"].map(file),
  attach_things: [
    thing("location", "location"), thing("contacts", "contacts"), thing("order", "order"),
    thing("form_reply", "form"), thing("call_permission", "call"), thing("unsupported", "poll"),
  ],
  attach_self: [
    thing("system", "device"),
    { icon: "stop", label: "kind_stop", wish: { kind: "preference", value: "stop" } },
    { icon: "bell", label: "kind_resume", wish: { kind: "preference", value: "resume" } },
  ],
};

const MESSENGER = {
  attach_files: ["image", "video", "voice", "document", "sticker", "like"].map(file),
  attach_things: [
    thing("location", "location"), thing("fallback", "link"), thing("template", "order"), thing("reel", "reel"),
    thing("post", "post"), thing("appointment", "booking"), thing("postback", "question"), thing("lead", "form"),
    thing("optin", "bell"),
  ],
};

const INSTAGRAM = {
  attach_files: ["image", "video", "voice", "document"].map(file),
  attach_things: [
    thing("story_mention", "story"), thing("story_reply", "reply"), thing("post", "post"), thing("reel", "reel"),
    thing("view_once", "eye"), thing("product", "order"), thing("postback", "question"), thing("comment", "comment"),
    thing("unsupported", "poll"),
  ],
};

export const KINDS = { whatsapp: WHATSAPP, messenger: MESSENGER, instagram: INSTAGRAM };
export const REACTIONS = ["👍", "❤️", "😂", "😮", "😢", "😡"];

/** The kind a file from the device is sent as. */
export function kindOfFile(type) {
  const family = type.split("/")[0];
  return ["image", "video", "audio"].includes(family) ? family : "document";
}
