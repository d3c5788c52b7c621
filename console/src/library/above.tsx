import { Drawer, Modal, Popover } from "antd";
import type { ReactNode } from "react";
import { Dressed } from "./dressed";

interface DialogProps {
  open: boolean;
  title: string;
  width?: number;
  onClose: () => void;
  children: ReactNode;
}

// The page's own container, where links look as on pages.
const container = () => document.querySelector<HTMLElement>(".app") ?? document.body;

export function LibraryModal({ title, footer, onClose, children, ...rest }: DialogProps & { footer: ReactNode }) {
  return (
    <Dressed>
      <Modal
        {...rest}
        title={<h2>{title}</h2>}
        footer={footer}
        onCancel={onClose}
        closable={false}
        maskClosable={false}
        destroyOnHidden
        centered
        getContainer={container}
      >
        {children}
      </Modal>
    </Dressed>
  );
}

interface DrawerProps extends DialogProps {
  placement: "left" | "right" | "bottom";
  className: string;
  close: ReactNode;
}

export function LibraryDrawer({ title, close, children, ...rest }: DrawerProps) {
  return (
    <Dressed>
      <Drawer
        {...rest}
        title={<h2>{title}</h2>}
        extra={close}
        closable={false}
        height="75dvh"
        destroyOnHidden
        getContainer={container}
      >
        {children}
      </Drawer>
    </Dressed>
  );
}

// Opens under the button that it stands beside, and among what that stands in, so that Tab goes from one to the other.
export function LibraryPopover({ open, content }: { open: boolean; content: ReactNode }) {
  return (
    <Dressed>
      <Popover
        open={open}
        content={content}
        trigger={[]}
        placement="bottomRight"
        arrow={false}
        destroyOnHidden
        getPopupContainer={(anchor) => anchor.parentElement!}
      >
        <span className="popover-anchor" />
      </Popover>
    </Dressed>
  );
}
