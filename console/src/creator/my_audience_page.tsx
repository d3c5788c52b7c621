import { AudiencePanel } from "../audience/audience_panel";
import { Page } from "../parts/page";
import { Nothing } from "../parts/states";
import { useWho } from "../session/session";
import { useWords } from "../theme/settings";

export default function MyAudiencePage() {
  const who = useWho();
  const words = useWords();
  return (
    <Page title={words.place.my_audience} lead={words.works.audience_lead}>
      {who.creator ? (
        <AudiencePanel key={who.creator} kind="creator" id={who.creator} />
      ) : (
        <Nothing title={words.works.nobody}>{words.works.nobody_why}</Nothing>
      )}
    </Page>
  );
}
