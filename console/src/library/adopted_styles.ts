// The component library writes <style> elements while it runs, which a strict style-src forbids. Here it gets an
// element of that name in a namespace of our own instead, which browsers leave alone, and its text goes into a
// constructed style sheet: the page's own doing and not markup. So the policy needs neither 'unsafe-inline' nor a nonce.
// (A <style> of an unknown type would do by the standard, but Chromium asks the policy before it looks at the type.)
// Must run before anything of the library is drawn.

const namespace = "urn:zhenzan:style";

export function adoptStyles(doc: Document = document): void {
  if (!("adoptedStyleSheets" in doc)) return;
  const make = doc.createElement.bind(doc);
  doc.createElement = ((name: string, options?: ElementCreationOptions) =>
    name.toLowerCase() === "style"
      ? doc.createElementNS(namespace, "STYLE")
      : make(name, options)) as typeof doc.createElement;

  const known = new WeakMap<Element, { text: string; sheet: CSSStyleSheet }>();
  const sheetOf = (element: Element): CSSStyleSheet => {
    const text = element.textContent ?? "";
    const before = known.get(element);
    if (before?.text === text) return before.sheet;
    const sheet = before?.sheet ?? new CSSStyleSheet();
    sheet.replaceSync(text);
    known.set(element, { text, sheet });
    return sheet;
  };
  const adopt = () => {
    const ours = [...doc.head.children].filter((element) => element.namespaceURI === namespace);
    const sheets = ours.map(sheetOf);
    const before = doc.adoptedStyleSheets;
    // Setting the same ones again would have all styles worked out anew.
    if (sheets.length !== before.length || sheets.some((sheet, i) => sheet !== before[i]))
      doc.adoptedStyleSheets = sheets;
  };
  // At once for new ones: what is laid out in the same breath, as a popup beside its button, must be so with its styles.
  for (const method of ["appendChild", "insertBefore"] as const) {
    const original = doc.head[method].bind(doc.head) as (...nodes: unknown[]) => Node;
    (doc.head as unknown as Record<string, unknown>)[method] = (...nodes: [Node, ...unknown[]]) => {
      const added = original(...nodes);
      if (nodes[0] instanceof Element && nodes[0].namespaceURI === namespace) adopt();
      return added;
    };
  }
  new MutationObserver(adopt).observe(doc.head, { childList: true, subtree: true, characterData: true });
}
