// What stands above a page until it is answered or closed: Ant Design's, from the first time that one is opened.

import { useEffect, useRef, useState, type ReactNode } from "react";
import { useWords } from "../theme/settings";
import { Button, type ButtonProps } from "./button";
import { library, useLibrary, type Library } from "./library";
import { CloseOutlined } from "./signs";

// That the library did not come, with a way to ask for it again: as the browser's own dialog, which needs none.
function Missing({ title, onClose }: { title: string; onClose: () => void }) {
  const words = useWords();
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = box.current!;
    dialog.showModal?.();
    return () => dialog.close?.();
  }, []);
  const cancelled = (event: { preventDefault: () => void }) => {
    event.preventDefault();
    onClose();
  };
  return (
    <dialog ref={box} className="missing" aria-label={title} onCancel={cancelled}>
      <p role="alert">{words.state.part_missing}</p>
      <div className="dialog-foot">
        <Button onClick={onClose}>{words.state.close}</Button>
        <Button type="primary" onClick={library.want}>
          {words.state.again}
        </Button>
      </div>
    </dialog>
  );
}

interface AboveProps {
  open: boolean;
  title: string;
  onClose: () => void;
  children: (library: Library) => ReactNode;
}

// Nothing is drawn of what was never opened.
function Above({ open, title, onClose, children }: AboveProps) {
  const words = useWords();
  const [wished, setWished] = useState(open);
  if (open && !wished) setWished(true);
  const { part, failed } = useLibrary(open);
  if (!wished) return null;
  if (part) return <>{children(part)}</>;
  if (!open) return null;
  if (failed) return <Missing title={title} onClose={onClose} />;
  return (
    <p role="status" className="coming">
      {words.state.loading}
    </p>
  );
}

interface ModalProps {
  open: boolean;
  title: string;
  okText?: string;
  cancelText: string;
  onOk?: () => void;
  onCancel: () => void;
  okButtonProps?: ButtonProps;
  confirmLoading?: boolean;
  width?: number;
  children: ReactNode;
}

export function Modal({ open, title, width, children, ...asked }: ModalProps) {
  const { okText, cancelText, onOk, onCancel, okButtonProps, confirmLoading } = asked;
  const footer = (
    <div className="dialog-foot">
      <Button onClick={onCancel}>{cancelText}</Button>
      {okText && (
        <Button type="primary" loading={confirmLoading} {...okButtonProps} onClick={onOk}>
          {okText}
        </Button>
      )}
    </div>
  );
  return (
    <Above open={open} title={title} onClose={onCancel}>
      {({ LibraryModal }) => (
        <LibraryModal open={open} title={title} width={width ?? 520} footer={footer} onClose={onCancel}>
          {children}
        </LibraryModal>
      )}
    </Above>
  );
}

interface DrawerProps {
  open: boolean;
  title: string;
  placement?: "left" | "right" | "bottom";
  width?: number;
  className?: string;
  onClose: () => void;
  children: ReactNode;
}

export function Drawer({ open, title, placement = "right", width, className = "", onClose, children }: DrawerProps) {
  const words = useWords();
  const close = <Button type="text" icon={<CloseOutlined />} aria-label={words.state.close} onClick={onClose} />;
  return (
    <Above open={open} title={title} onClose={onClose}>
      {({ LibraryDrawer }) => (
        <LibraryDrawer {...{ open, title, placement, width, className, onClose, close }}>{children}</LibraryDrawer>
      )}
    </Above>
  );
}
