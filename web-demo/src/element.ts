// Makes elements. Text goes in as text and nothing else: whatever a log holds, it never becomes markup.

type Child = Node | string | null | undefined;

/** An element with classes and children: `element("p.status.bad", "no trace")`. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  spec: Name | `${Name}.${string}`,
  ...children: Child[]
): HTMLElementTagNameMap[Name] {
  const [name, ...classes] = spec.split(".") as [Name, ...string[]];
  const made = document.createElement(name);
  if (classes.length > 0) made.className = classes.join(" ");
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** The element with this id, of this class: the page and the script are one file. */
export function byId<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`the page holds no \`${id}\``);
  return found;
}

/** `1 failure`, `2 failures`. */
export function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? "" : "s"}`;
}
