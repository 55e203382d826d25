"""Finding pictures by parts of words, over the folded column ``Image.lookup``."""

from renewz.lib.trigrams import Trigrams

index = Trigrams("images_lookup", "images_image")
install, remove = index.install, index.remove
