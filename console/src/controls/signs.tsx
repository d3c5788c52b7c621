// Ant Design's signs, drawn as they are: what one says stands beside it in words, so none is read aloud.

import auditOutlined from "@ant-design/icons-svg/es/asn/AuditOutlined";
import branchesOutlined from "@ant-design/icons-svg/es/asn/BranchesOutlined";
import bulbOutlined from "@ant-design/icons-svg/es/asn/BulbOutlined";
import caretRightOutlined from "@ant-design/icons-svg/es/asn/CaretRightOutlined";
import checkCircleOutlined from "@ant-design/icons-svg/es/asn/CheckCircleOutlined";
import checkOutlined from "@ant-design/icons-svg/es/asn/CheckOutlined";
import closeCircleOutlined from "@ant-design/icons-svg/es/asn/CloseCircleOutlined";
import closeOutlined from "@ant-design/icons-svg/es/asn/CloseOutlined";
import commentOutlined from "@ant-design/icons-svg/es/asn/CommentOutlined";
import compassOutlined from "@ant-design/icons-svg/es/asn/CompassOutlined";
import contactsOutlined from "@ant-design/icons-svg/es/asn/ContactsOutlined";
import dashboardOutlined from "@ant-design/icons-svg/es/asn/DashboardOutlined";
import deleteOutlined from "@ant-design/icons-svg/es/asn/DeleteOutlined";
import disconnectOutlined from "@ant-design/icons-svg/es/asn/DisconnectOutlined";
import dislikeFilled from "@ant-design/icons-svg/es/asn/DislikeFilled";
import dislikeOutlined from "@ant-design/icons-svg/es/asn/DislikeOutlined";
import downOutlined from "@ant-design/icons-svg/es/asn/DownOutlined";
import downloadOutlined from "@ant-design/icons-svg/es/asn/DownloadOutlined";
import ellipsisOutlined from "@ant-design/icons-svg/es/asn/EllipsisOutlined";
import experimentOutlined from "@ant-design/icons-svg/es/asn/ExperimentOutlined";
import fileProtectOutlined from "@ant-design/icons-svg/es/asn/FileProtectOutlined";
import fileTextOutlined from "@ant-design/icons-svg/es/asn/FileTextOutlined";
import globalOutlined from "@ant-design/icons-svg/es/asn/GlobalOutlined";
import hddOutlined from "@ant-design/icons-svg/es/asn/HddOutlined";
import heartFilled from "@ant-design/icons-svg/es/asn/HeartFilled";
import heartOutlined from "@ant-design/icons-svg/es/asn/HeartOutlined";
import idcardOutlined from "@ant-design/icons-svg/es/asn/IdcardOutlined";
import inboxOutlined from "@ant-design/icons-svg/es/asn/InboxOutlined";
import infoCircleOutlined from "@ant-design/icons-svg/es/asn/InfoCircleOutlined";
import lockOutlined from "@ant-design/icons-svg/es/asn/LockOutlined";
import logoutOutlined from "@ant-design/icons-svg/es/asn/LogoutOutlined";
import menuOutlined from "@ant-design/icons-svg/es/asn/MenuOutlined";
import minusOutlined from "@ant-design/icons-svg/es/asn/MinusOutlined";
import partitionOutlined from "@ant-design/icons-svg/es/asn/PartitionOutlined";
import pauseCircleOutlined from "@ant-design/icons-svg/es/asn/PauseCircleOutlined";
import pauseOutlined from "@ant-design/icons-svg/es/asn/PauseOutlined";
import playCircleOutlined from "@ant-design/icons-svg/es/asn/PlayCircleOutlined";
import playSquareOutlined from "@ant-design/icons-svg/es/asn/PlaySquareOutlined";
import plusOutlined from "@ant-design/icons-svg/es/asn/PlusOutlined";
import questionCircleOutlined from "@ant-design/icons-svg/es/asn/QuestionCircleOutlined";
import reloadOutlined from "@ant-design/icons-svg/es/asn/ReloadOutlined";
import rightOutlined from "@ant-design/icons-svg/es/asn/RightOutlined";
import safetyCertificateOutlined from "@ant-design/icons-svg/es/asn/SafetyCertificateOutlined";
import sendOutlined from "@ant-design/icons-svg/es/asn/SendOutlined";
import solutionOutlined from "@ant-design/icons-svg/es/asn/SolutionOutlined";
import tagsOutlined from "@ant-design/icons-svg/es/asn/TagsOutlined";
import teamOutlined from "@ant-design/icons-svg/es/asn/TeamOutlined";
import thunderboltOutlined from "@ant-design/icons-svg/es/asn/ThunderboltOutlined";
import upOutlined from "@ant-design/icons-svg/es/asn/UpOutlined";
import uploadOutlined from "@ant-design/icons-svg/es/asn/UploadOutlined";
import userAddOutlined from "@ant-design/icons-svg/es/asn/UserAddOutlined";
import userDeleteOutlined from "@ant-design/icons-svg/es/asn/UserDeleteOutlined";
import userOutlined from "@ant-design/icons-svg/es/asn/UserOutlined";
import warningOutlined from "@ant-design/icons-svg/es/asn/WarningOutlined";
import type { AbstractNode, IconDefinition } from "@ant-design/icons-svg/es/types";
import { createElement, type ComponentType } from "react";

interface Props {
  className?: string;
}

function drawn(node: AbstractNode, key: number): JSX.Element {
  return createElement(node.tag, { ...node.attrs, key }, ...(node.children ?? []).map(drawn));
}

function sign(of: IconDefinition): ComponentType<Props> {
  const { attrs, children = [] } = of.icon as AbstractNode;
  return ({ className = "" }) => (
    <span className={`sign ${className}`} aria-hidden>
      <svg viewBox={attrs.viewBox} width="1em" height="1em" fill="currentColor">
        {children.map(drawn)}
      </svg>
    </span>
  );
}

export const AuditOutlined = /* @__PURE__ */ sign(auditOutlined);
export const BranchesOutlined = /* @__PURE__ */ sign(branchesOutlined);
export const BulbOutlined = /* @__PURE__ */ sign(bulbOutlined);
export const CaretRightOutlined = /* @__PURE__ */ sign(caretRightOutlined);
export const CheckCircleOutlined = /* @__PURE__ */ sign(checkCircleOutlined);
export const CheckOutlined = /* @__PURE__ */ sign(checkOutlined);
export const CloseCircleOutlined = /* @__PURE__ */ sign(closeCircleOutlined);
export const CloseOutlined = /* @__PURE__ */ sign(closeOutlined);
export const CommentOutlined = /* @__PURE__ */ sign(commentOutlined);
export const CompassOutlined = /* @__PURE__ */ sign(compassOutlined);
export const ContactsOutlined = /* @__PURE__ */ sign(contactsOutlined);
export const DashboardOutlined = /* @__PURE__ */ sign(dashboardOutlined);
export const DeleteOutlined = /* @__PURE__ */ sign(deleteOutlined);
export const DisconnectOutlined = /* @__PURE__ */ sign(disconnectOutlined);
export const DislikeFilled = /* @__PURE__ */ sign(dislikeFilled);
export const DislikeOutlined = /* @__PURE__ */ sign(dislikeOutlined);
export const DownOutlined = /* @__PURE__ */ sign(downOutlined);
export const DownloadOutlined = /* @__PURE__ */ sign(downloadOutlined);
export const EllipsisOutlined = /* @__PURE__ */ sign(ellipsisOutlined);
export const ExperimentOutlined = /* @__PURE__ */ sign(experimentOutlined);
export const FileProtectOutlined = /* @__PURE__ */ sign(fileProtectOutlined);
export const FileTextOutlined = /* @__PURE__ */ sign(fileTextOutlined);
export const GlobalOutlined = /* @__PURE__ */ sign(globalOutlined);
export const HddOutlined = /* @__PURE__ */ sign(hddOutlined);
export const HeartFilled = /* @__PURE__ */ sign(heartFilled);
export const HeartOutlined = /* @__PURE__ */ sign(heartOutlined);
export const IdcardOutlined = /* @__PURE__ */ sign(idcardOutlined);
export const InboxOutlined = /* @__PURE__ */ sign(inboxOutlined);
export const InfoCircleOutlined = /* @__PURE__ */ sign(infoCircleOutlined);
export const LockOutlined = /* @__PURE__ */ sign(lockOutlined);
export const LogoutOutlined = /* @__PURE__ */ sign(logoutOutlined);
export const MenuOutlined = /* @__PURE__ */ sign(menuOutlined);
export const MinusOutlined = /* @__PURE__ */ sign(minusOutlined);
export const PartitionOutlined = /* @__PURE__ */ sign(partitionOutlined);
export const PauseCircleOutlined = /* @__PURE__ */ sign(pauseCircleOutlined);
export const PauseOutlined = /* @__PURE__ */ sign(pauseOutlined);
export const PlayCircleOutlined = /* @__PURE__ */ sign(playCircleOutlined);
export const PlaySquareOutlined = /* @__PURE__ */ sign(playSquareOutlined);
export const PlusOutlined = /* @__PURE__ */ sign(plusOutlined);
export const QuestionCircleOutlined = /* @__PURE__ */ sign(questionCircleOutlined);
export const ReloadOutlined = /* @__PURE__ */ sign(reloadOutlined);
export const RightOutlined = /* @__PURE__ */ sign(rightOutlined);
export const SafetyCertificateOutlined = /* @__PURE__ */ sign(safetyCertificateOutlined);
export const SendOutlined = /* @__PURE__ */ sign(sendOutlined);
export const SolutionOutlined = /* @__PURE__ */ sign(solutionOutlined);
export const TagsOutlined = /* @__PURE__ */ sign(tagsOutlined);
export const TeamOutlined = /* @__PURE__ */ sign(teamOutlined);
export const ThunderboltOutlined = /* @__PURE__ */ sign(thunderboltOutlined);
export const UpOutlined = /* @__PURE__ */ sign(upOutlined);
export const UploadOutlined = /* @__PURE__ */ sign(uploadOutlined);
export const UserAddOutlined = /* @__PURE__ */ sign(userAddOutlined);
export const UserDeleteOutlined = /* @__PURE__ */ sign(userDeleteOutlined);
export const UserOutlined = /* @__PURE__ */ sign(userOutlined);
export const WarningOutlined = /* @__PURE__ */ sign(warningOutlined);
