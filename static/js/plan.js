// A plan that is being worked out: the page looks again every five seconds, until it is ready.
const byHand = document.querySelector("[data-by-hand]");
if (byHand) byHand.hidden = true;

async function look() {
  try {
    const answer = await fetch(location.href, { headers: { "X-Requested-With": "fetch" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.getElementById("work");
    if (!answer.ok || !now) return location.reload();
    const open = document.querySelector("#work details")?.open;
    const here = document.getElementById("work");
    if (here.contains(document.activeElement) && document.activeElement.matches("button, summary")) return again();
    here.replaceChildren(...now.childNodes);
    here.querySelector("[data-by-hand]").hidden = true;
    here.querySelector("details").open = Boolean(open);
  } catch {
    // The network is away for a moment: the next look tells.
  }
  again();
}

function again() {
  setTimeout(look, 5000);
}

again();
