/** Who wrote a message, in the reader's words: the same over its bubble and where it is quoted. */
import { t } from "./i18n.js";
import { me } from "./store.js";

export function authorName({ author, author_name: name }) {
  return {
    customer: t("Customer"),
    bot: t("Bot"),
    system: t("Automatic answer"),
    business: name || t("Written on the business phone"),
    advisor: name && name === me.value?.name ? t("You") : name || t("Advisor"),
  }[author];
}
