"""Finds which of many phrases a text contains, whole words only, in one pass over the text."""

from collections.abc import Iterable, Sequence

from server.domain.folding import stems, words


class Lexicon:
    """`entries` are (phrase, key); a final * of a phrase stands for any ending of its last word."""

    def __init__(self, entries: Iterable[tuple[str, int]]) -> None:
        self._phrases: dict[str, list[tuple[tuple[str, ...], int]]] = {}
        self._beginnings: dict[str, int] = {}
        for phrase, key in entries:
            folded = words(phrase)
            if not folded:
                continue
            if phrase.rstrip().endswith("*") and len(folded) == 1:
                self._beginnings.setdefault(folded[0], key)
            else:
                self._phrases.setdefault(folded[0], []).append((tuple(folded[1:]), key))
        self._any_beginning = tuple(self._beginnings)

    def find(self, text: Sequence[str]) -> dict[int, int]:
        """For each key found in the folded words, in the order said, how many words of the text spoke for it."""
        found: dict[int, int] = {}
        phrases, any_beginning = self._phrases, self._any_beginning
        for place, word in enumerate(text):
            # Most words are none of ours: said cheaply, for every message of a customer passes here.
            if word.isascii() and word not in phrases and not (any_beginning and word.startswith(any_beginning)):
                continue
            said: dict[int, int] = {}
            for stem in stems(word):
                for rest, key in phrases.get(stem, ()):
                    if not rest or _continues(text, place + 1, rest):
                        said[key] = max(said.get(key, 0), 1 + len(rest))
                if any_beginning and stem.startswith(any_beginning):
                    for beginning, key in self._beginnings.items():
                        if stem.startswith(beginning):
                            said.setdefault(key, 1)
            for key, weight in said.items():
                found[key] = found.get(key, 0) + weight
        return found


def _continues(text: Sequence[str], place: int, rest: Sequence[str]) -> bool:
    return len(text) - place >= len(rest) and all(
        text[place + index] == word or word in stems(text[place + index]) for index, word in enumerate(rest)
    )
