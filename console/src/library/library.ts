// What the console takes of Ant Design, in a file of its own that no first load waits for: see ../controls/library.ts.

export { LibraryDrawer, LibraryModal, LibraryPopover } from "./above";
export { LibraryPick, LibraryPickMany } from "./select";
export { LibrarySaying } from "./saying";
