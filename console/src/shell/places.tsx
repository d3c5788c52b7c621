// Where one can go, by role. Each page is a file of its own that is loaded when it is first gone to.

import { lazy, type ComponentType, type ReactNode } from "react";
import { matchPath } from "react-router-dom";
import type { Role } from "../api/client";
import {
  AuditOutlined,
  BranchesOutlined,
  CompassOutlined,
  ContactsOutlined,
  DashboardOutlined,
  ExperimentOutlined,
  FileProtectOutlined,
  FileTextOutlined,
  HddOutlined,
  IdcardOutlined,
  PartitionOutlined,
  PlayCircleOutlined,
  PlaySquareOutlined,
  SolutionOutlined,
  TagsOutlined,
  TeamOutlined,
  UserOutlined,
} from "../controls/signs";
import type { Words } from "../words/words";

// A page, and how to begin to load it before it is drawn.
type Page = ComponentType & { load: () => Promise<unknown> };

function page(load: () => Promise<{ default: ComponentType }>): Page {
  return Object.assign(lazy(load), { load }) as unknown as Page;
}

export interface Place {
  path: string;
  word: keyof Words["place"];
  icon: ReactNode;
  page: Page;
  roles: Role[];
  // Pages that are reached from another one stand in no menu.
  hidden?: boolean;
  // Only where the server has accounts.
  accounts?: boolean;
}

const staff: Role[] = ["operator", "auditor"];

export const places: Place[] = [
  {
    path: "/feed",
    word: "feed",
    icon: <PlayCircleOutlined />,
    page: page(() => import("../viewer/feed_page")),
    roles: ["viewer"],
  },
  { path: "/me", word: "me", icon: <UserOutlined />, page: page(() => import("../viewer/me_page")), roles: ["viewer"] },
  {
    path: "/receipts",
    word: "receipts",
    icon: <FileProtectOutlined />,
    page: page(() => import("../viewer/receipts_page")),
    roles: ["viewer"],
  },
  {
    path: "/works",
    word: "works",
    icon: <PlaySquareOutlined />,
    page: page(() => import("../creator/works_page")),
    roles: ["creator"],
  },
  {
    path: "/my-audience",
    word: "my_audience",
    icon: <TeamOutlined />,
    page: page(() => import("../creator/my_audience_page")),
    roles: ["creator"],
  },
  {
    path: "/works/:id",
    word: "work",
    icon: null,
    page: page(() => import("../creator/work_page")),
    roles: ["creator", "brand", ...staff],
    hidden: true,
  },
  {
    path: "/audience-of",
    word: "audience_of",
    icon: <SolutionOutlined />,
    page: page(() => import("../brand/brand_page")),
    roles: ["brand"],
  },
  {
    path: "/overview",
    word: "overview",
    icon: <DashboardOutlined />,
    page: page(() => import("../operator/overview_page")),
    roles: staff,
  },
  {
    path: "/tour",
    word: "tour",
    icon: <CompassOutlined />,
    page: page(() => import("../tour/tour_page")),
    roles: ["operator"],
  },
  {
    path: "/cases",
    word: "cases",
    icon: <PartitionOutlined />,
    page: page(() => import("../operator/cases_page")),
    roles: staff,
  },
  {
    path: "/cases/:id",
    word: "cases",
    icon: null,
    page: page(() => import("../operator/case_page")),
    roles: staff,
    hidden: true,
  },
  {
    path: "/rules",
    word: "rules",
    icon: <FileTextOutlined />,
    page: page(() => import("../operator/rules_page")),
    roles: staff,
  },
  {
    path: "/segments",
    word: "segments",
    icon: <TeamOutlined />,
    page: page(() => import("../audience/segments_page")),
    roles: [...staff, "brand"],
  },
  {
    path: "/segments/:id",
    word: "segment",
    icon: null,
    page: page(() => import("../audience/segment_page")),
    roles: staff,
    hidden: true,
  },
  {
    path: "/lists",
    word: "lists",
    icon: <ContactsOutlined />,
    page: page(() => import("../audience/lists_page")),
    roles: staff,
  },
  {
    path: "/tags",
    word: "tags",
    icon: <TagsOutlined />,
    page: page(() => import("../audience/tags_page")),
    roles: staff,
  },
  {
    path: "/matching",
    word: "matching",
    icon: <BranchesOutlined />,
    page: page(() => import("../matching/matching_page")),
    roles: staff,
  },
  {
    path: "/experiments",
    word: "experiments",
    icon: <ExperimentOutlined />,
    page: page(() => import("../matching/experiments_page")),
    roles: staff,
  },
  {
    path: "/log",
    word: "log",
    icon: <FileProtectOutlined />,
    page: page(() => import("../log/log_page")),
    roles: [...staff, "creator", "brand"],
  },
  {
    path: "/status",
    word: "status",
    icon: <HddOutlined />,
    page: page(() => import("../operator/status_page")),
    roles: staff,
  },
  {
    path: "/accounts",
    word: "accounts",
    icon: <IdcardOutlined />,
    page: page(() => import("../session/accounts_page")),
    roles: ["operator"],
    accounts: true,
  },
  {
    path: "/account",
    word: "account",
    icon: null,
    page: page(() => import("../session/account_page")),
    roles: ["viewer", "creator", "brand", ...staff],
    hidden: true,
  },
  {
    path: "/audit",
    word: "audit",
    icon: <AuditOutlined />,
    page: page(() => import("../operator/audit_page")),
    roles: staff,
  },
];

export const homeOf: Record<Role, string> = {
  viewer: "/feed",
  creator: "/works",
  brand: "/audience-of",
  operator: "/overview",
  auditor: "/overview",
};

// What the address leads to is loaded while it is still being asked who looks.
export function loadAhead(pathname: string): void {
  const found = places.find((place) => matchPath(place.path, pathname));
  // Why it cannot be loaded is said where it is drawn.
  found?.page.load().catch(() => undefined);
}
