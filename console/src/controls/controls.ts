// What one presses, types into and chooses from: plain elements of HTML, which work by keyboard and for screen readers
// by themselves, dressed by controls.css. Pages import them from here alone.

export { Button, type ButtonProps } from "./button";
export { Radios, Segmented, Select, Switch, type Option } from "./choices";
export { Drawer, Modal } from "./dialogs";
export { Input, InputNumber, Password, TextArea } from "./fields";
export { Fold, Popover } from "./opened";
export { Pick, PickMany } from "./pick";
export { say, tell } from "./said";
export { Alert, Progress, Skeleton, Steps } from "./shown";
