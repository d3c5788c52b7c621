// What is only looked at.

import type { ReactNode } from "react";
import { CheckCircleOutlined, CheckOutlined, CloseCircleOutlined, InfoCircleOutlined, WarningOutlined } from "./signs";

const alertSigns = {
  info: InfoCircleOutlined,
  success: CheckCircleOutlined,
  warning: WarningOutlined,
  error: CloseCircleOutlined,
};

interface AlertProps {
  type: keyof typeof alertSigns;
  message: ReactNode;
  description?: ReactNode;
  className?: string;
}

export function Alert({ type, message, description, className = "" }: AlertProps) {
  const Sign = alertSigns[type];
  return (
    <div role="alert" className={`alert alert-${type} ${className}`}>
      <Sign />
      <div>
        <div className={description ? "alert-title" : undefined}>{message}</div>
        {description && <div>{description}</div>}
      </div>
    </div>
  );
}

interface ProgressProps {
  percent: number;
  failed?: boolean;
  "aria-label": string;
}

export function Progress({ percent, failed, ...aria }: ProgressProps) {
  return (
    <div className={failed ? "progress progress-failed" : "progress"}>
      <div role="progressbar" aria-valuenow={percent} aria-valuemin={0} aria-valuemax={100} {...aria}>
        <i style={{ width: `${percent}%` }} />
      </div>
      <span aria-hidden>{percent}%</span>
    </div>
  );
}

export function Skeleton({ rows }: { rows: number }) {
  return (
    <div className="skeleton" aria-hidden>
      {Array.from({ length: rows }, (_, i) => (
        <i key={i} />
      ))}
    </div>
  );
}

export function Steps({ of, current, className = "" }: { of: string[]; current: number; className?: string }) {
  return (
    <ol className={`stages ${className}`}>
      {of.map((title, i) => (
        <li
          key={title}
          className={i < current ? "stage stage-done" : "stage"}
          aria-current={i === current ? "step" : undefined}
        >
          <span className="stage-sign" aria-hidden>
            {i < current ? <CheckOutlined /> : i + 1}
          </span>
          {title}
        </li>
      ))}
    </ol>
  );
}
