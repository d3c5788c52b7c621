// Where one can go, by role. Each page is a file of its own that is loaded when it is first gone to.

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
} from "@ant-design/icons";
import { lazy, type ComponentType, type ReactNode } from "react";
import type { Role } from "../api/client";
import type { Words } from "../words/words";

export interface Place {
  path: string;
  word: keyof Words["place"];
  icon: ReactNode;
  page: ComponentType;
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
    page: lazy(() => import("../viewer/feed_page")),
    roles: ["viewer"],
  },
  { path: "/me", word: "me", icon: <UserOutlined />, page: lazy(() => import("../viewer/me_page")), roles: ["viewer"] },
  {
    path: "/receipts",
    word: "receipts",
    icon: <FileProtectOutlined />,
    page: lazy(() => import("../viewer/receipts_page")),
    roles: ["viewer"],
  },
  {
    path: "/works",
    word: "works",
    icon: <PlaySquareOutlined />,
    page: lazy(() => import("../creator/works_page")),
    roles: ["creator"],
  },
  {
    path: "/my-audience",
    word: "my_audience",
    icon: <TeamOutlined />,
    page: lazy(() => import("../creator/my_audience_page")),
    roles: ["creator"],
  },
  {
    path: "/works/:id",
    word: "work",
    icon: null,
    page: lazy(() => import("../creator/work_page")),
    roles: ["creator", "brand", ...staff],
    hidden: true,
  },
  {
    path: "/audience-of",
    word: "audience_of",
    icon: <SolutionOutlined />,
    page: lazy(() => import("../brand/brand_page")),
    roles: ["brand"],
  },
  {
    path: "/overview",
    word: "overview",
    icon: <DashboardOutlined />,
    page: lazy(() => import("../operator/overview_page")),
    roles: staff,
  },
  {
    path: "/tour",
    word: "tour",
    icon: <CompassOutlined />,
    page: lazy(() => import("../tour/tour_page")),
    roles: ["operator"],
  },
  {
    path: "/cases",
    word: "cases",
    icon: <PartitionOutlined />,
    page: lazy(() => import("../operator/cases_page")),
    roles: staff,
  },
  {
    path: "/cases/:id",
    word: "cases",
    icon: null,
    page: lazy(() => import("../operator/case_page")),
    roles: staff,
    hidden: true,
  },
  {
    path: "/rules",
    word: "rules",
    icon: <FileTextOutlined />,
    page: lazy(() => import("../operator/rules_page")),
    roles: staff,
  },
  {
    path: "/segments",
    word: "segments",
    icon: <TeamOutlined />,
    page: lazy(() => import("../audience/segments_page")),
    roles: [...staff, "brand"],
  },
  {
    path: "/segments/:id",
    word: "segment",
    icon: null,
    page: lazy(() => import("../audience/segment_page")),
    roles: staff,
    hidden: true,
  },
  {
    path: "/lists",
    word: "lists",
    icon: <ContactsOutlined />,
    page: lazy(() => import("../audience/lists_page")),
    roles: staff,
  },
  {
    path: "/tags",
    word: "tags",
    icon: <TagsOutlined />,
    page: lazy(() => import("../audience/tags_page")),
    roles: staff,
  },
  {
    path: "/matching",
    word: "matching",
    icon: <BranchesOutlined />,
    page: lazy(() => import("../matching/matching_page")),
    roles: staff,
  },
  {
    path: "/experiments",
    word: "experiments",
    icon: <ExperimentOutlined />,
    page: lazy(() => import("../matching/experiments_page")),
    roles: staff,
  },
  {
    path: "/log",
    word: "log",
    icon: <FileProtectOutlined />,
    page: lazy(() => import("../log/log_page")),
    roles: [...staff, "creator", "brand"],
  },
  {
    path: "/status",
    word: "status",
    icon: <HddOutlined />,
    page: lazy(() => import("../operator/status_page")),
    roles: staff,
  },
  {
    path: "/accounts",
    word: "accounts",
    icon: <IdcardOutlined />,
    page: lazy(() => import("../session/accounts_page")),
    roles: ["operator"],
    accounts: true,
  },
  {
    path: "/account",
    word: "account",
    icon: null,
    page: lazy(() => import("../session/account_page")),
    roles: ["viewer", "creator", "brand", ...staff],
    hidden: true,
  },
  {
    path: "/audit",
    word: "audit",
    icon: <AuditOutlined />,
    page: lazy(() => import("../operator/audit_page")),
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
