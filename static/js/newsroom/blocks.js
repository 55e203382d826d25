// What our texts have beyond paragraphs: blocks of our own, quotes with a source, German typing.
// articles/markup.py decides what may be stored; these only help to write it.

import {
  Blockquote,
  Extension,
  InputRule,
  Link,
  Node,
  mergeAttributes,
  textInputRule,
} from "django-prose-editor/editor";
import { element, look } from "./finder.js";
import { numberSources, openSource, selectedSource } from "./sources.js";

const attribute = (name) => ({
  default: null,
  parseHTML: (dom) => dom.getAttribute(name),
  renderHTML: (values) => {
    const value = values[name.replace("data-", "")];
    return value ? { [name]: value } : {};
  },
});

// A block that holds a reference and shows what it refers to.
const reference = (options) =>
  Node.create({
    group: "block",
    atom: true,
    draggable: true,
    selectable: true,
    ...options,
    addNodeView() {
      return ({ node }) => {
        const dom = element("div", { className: `block block-${this.name}`, contentEditable: "false" });
        options.show(dom, node.attrs).catch(() => dom.append(" (nicht erreichbar)"));
        return { dom };
      };
    },
  });

const label = (text) => element("span", { className: "block-label", textContent: text });

export const RelatedBlock = reference({
  name: "relatedBlock",
  addAttributes: () => ({ related: attribute("data-related") }),
  parseHTML: () => [{ tag: "aside[data-related]" }],
  renderHTML: ({ HTMLAttributes }) => ["aside", HTMLAttributes],
  async show(dom, { related }) {
    dom.append(label("Lesen Sie auch"));
    const [found] = await look("articles", { ids: related });
    dom.append(found ? found.title : `Artikel Nr. ${related} ist zurzeit nicht online`);
  },
});

export const PictureBlock = reference({
  name: "pictureBlock",
  addAttributes: () => ({ image: attribute("data-image"), caption: attribute("data-caption") }),
  parseHTML: () => [{ tag: "figure[data-image]" }],
  renderHTML: ({ HTMLAttributes }) => ["figure", HTMLAttributes],
  async show(dom, { image, caption }) {
    dom.append(label("Bild"));
    const [found] = await look("pictures", { ids: image });
    if (!found) return dom.append(`Bild Nr. ${image} gibt es nicht`);
    dom.append(element("img", { src: found.thumbnail, alt: "" }), caption || found.caption || found.title);
  },
});

export const EmbedBlock = reference({
  name: "embedBlock",
  addAttributes: () => ({ embed: attribute("data-embed") }),
  parseHTML: () => [{ tag: "aside[data-embed]" }],
  renderHTML: ({ HTMLAttributes }) => ["aside", HTMLAttributes],
  async show(dom, { embed }) {
    dom.append(label("Inhalt von außen, öffnet erst nach Klick"), embed);
  },
});

// What a statement rests on: a raised number in the line. Readers' pages number by the same rule
// (articles/rendering.py): in order of appearance, the same source twice has one number.
export const SourceReference = Node.create({
  name: "sourceReference",
  group: "inline",
  inline: true,
  atom: true,
  selectable: true,
  addAttributes: () => ({ source: attribute("data-source"), address: attribute("data-address") }),
  parseHTML: () => [{ tag: "sup[data-source]", priority: 60 }], // before „hochgestellt“, a <sup> too
  renderHTML: ({ HTMLAttributes }) => ["sup", HTMLAttributes],
  renderText: () => "",
  addNodeView() {
    return ({ node }) => {
      const dom = element("sup", {
        className: "source-reference",
        contentEditable: "false",
        title: node.attrs.source,
        role: "img",
        "aria-label": `Quelle: ${node.attrs.source}`,
      });
      dom.addEventListener("dblclick", openSource);
      return { dom, ignoreMutation: () => true };
    };
  },
  onCreate() {
    numberSources(this.editor);
  },
  onTransaction() {
    numberSources(this.editor);
  },
  addKeyboardShortcuts() {
    return {
      Enter: () => Boolean(selectedSource(this.editor)) && openSource(),
      "Mod-Alt-f": openSource, // as footnotes elsewhere
    };
  },
});

export const FactBox = Node.create({
  name: "factBox",
  group: "block",
  content: "(heading | paragraph | bulletList | orderedList)+",
  defining: true,
  parseHTML: () => [{ tag: "aside[data-facts]" }],
  renderHTML: ({ HTMLAttributes }) => ["aside", mergeAttributes(HTMLAttributes, { "data-facts": "" }), 0],
});

export const QuoteSource = Node.create({
  name: "quoteSource",
  content: "(text | sourceReference)*",
  marks: "",
  defining: true,
  parseHTML: () => [{ tag: "blockquote footer" }, { tag: "footer" }],
  renderHTML: () => ["footer", 0],
});

export const SourcedQuote = Blockquote.extend({
  content: "paragraph+ quoteSource?",
  addKeyboardShortcuts() {
    return {};
  },
});

// Mod-K opens our own dialog (toolbar.js), not the library's English one.
// Words that look like an address stay words: only who wants a link makes one.
export const NewsLink = Link.extend({
  addPasteRules() {
    return [];
  },
  addKeyboardShortcuts() {
    return {
      "Mod-k": () => {
        document.querySelector('[data-command="link"]')?.click();
        return true;
      },
    };
  },
});

const before = String.raw`(?:^|[\s(\[{–„‚/])`;

// ‘ where a ‚ is open in this paragraph, else the apostrophe ’.
const closingSingle = new InputRule({
  find: /'$/,
  handler: ({ state, range }) => {
    const start = state.doc.resolve(range.from).start();
    const typed = state.doc.textBetween(start, range.from);
    const open = typed.lastIndexOf("‚") > typed.lastIndexOf("‘");
    state.tr.insertText(open ? "‘" : "’", range.from, range.to);
  },
});

export const GermanTypography = Extension.create({
  name: "germanTypography",
  addInputRules() {
    return [
      textInputRule({ find: new RegExp(`${before}(")$`), replace: "„" }),
      textInputRule({ find: /(")$/, replace: "“" }),
      textInputRule({ find: new RegExp(`${before}(')$`), replace: "‚" }),
      closingSingle,
      textInputRule({ find: /\.\.\.$/, replace: "…" }),
      textInputRule({ find: /--$/, replace: "–" }),
    ];
  },
});
