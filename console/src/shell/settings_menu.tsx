import { Button, Popover, Segmented, Select } from "../controls/controls";
import { BulbOutlined, GlobalOutlined } from "../controls/signs";
import { useSettings, type ShadeWish, type Zone } from "../theme/settings";

export function SettingsMenu() {
  const { words, language, shadeWish, zone, set } = useSettings();
  const other = language === "zh" ? "en" : "zh";
  const content = (
    <div className="settings">
      <span id="shade-name">{words.shell.shade}</span>
      <Segmented<ShadeWish>
        value={shadeWish}
        aria-labelledby="shade-name"
        onChange={(value) => set({ shadeWish: value })}
        options={(["system", "light", "dark"] as const).map((value) => ({ value, label: words.shell.shades[value] }))}
      />
      <span>{words.shell.zone}</span>
      <Select<Zone>
        value={zone}
        aria-label={words.shell.zone}
        onChange={(value) => set({ zone: value })}
        options={(["local", "UTC", "Asia/Shanghai"] as const).map((value) => ({
          value,
          label: words.shell.zones[value],
        }))}
      />
    </div>
  );
  return (
    <div className="top-end">
      <Popover label={words.shell.settings} icon={<BulbOutlined />}>
        {content}
      </Popover>
      <Button
        type="text"
        icon={<GlobalOutlined />}
        lang={other === "zh" ? "zh-CN" : "en"}
        onClick={() => set({ language: other })}
      >
        {other === "zh" ? "中文" : "English"}
      </Button>
    </div>
  );
}
