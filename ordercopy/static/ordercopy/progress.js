// The page of a batch brings its moving part up to date as long as copies have not ended.
"use strict";

const EVERY = 1500;
// Of a busy server's time, looking takes no more than this share.
const SHARE = 0.2;
const MOST_FAILURES = 5;

const place = document.querySelector("[data-progress]");
const announcer = document.querySelector("[data-announce]");
const moving = () => place.querySelector("[data-going]");
let failures = 0;

const take = (html) => {
    if (html === place.innerHTML) {
        return;
    }
    const said = moving().dataset.says;
    const focused = place.contains(document.activeElement) ? document.activeElement.id : "";
    const open = [...place.querySelectorAll("details[open][id]")].map((each) => each.id);
    place.innerHTML = html;
    for (const id of open) {
        document.getElementById(id)?.setAttribute("open", "");
    }
    // Whoever goes by keyboard stays where they were.
    if (focused) {
        document.getElementById(focused)?.focus();
    }
    if (moving().dataset.says !== said) {
        announcer.textContent = moving().dataset.says;
    }
};

const giveUp = () => {
    const note = document.createElement("p");
    note.className = "copying-warning";
    note.setAttribute("role", "alert");
    note.textContent = place.dataset.lostTouch;
    place.prepend(note);
};

const look = async () => {
    if (document.hidden) {
        return true;
    }
    const answer = await fetch(place.dataset.progress, { redirect: "error" });
    if (answer.status >= 400 && answer.status < 500) {
        failures = MOST_FAILURES;
    }
    if (!answer.ok) {
        throw new Error(`the server answered ${answer.status}`);
    }
    failures = 0;
    take(await answer.text());
    return moving().dataset.going === "yes";
};

const follow = async () => {
    const began = Date.now();
    let goesOn = true;
    try {
        goesOn = await look();
    } catch {
        failures += 1;
        goesOn = failures < MOST_FAILURES;
        if (!goesOn) {
            giveUp();
        }
    }
    if (goesOn) {
        const pause = Math.max(EVERY, (Date.now() - began) / SHARE);
        setTimeout(follow, pause * (failures + 1));
    }
};

if (moving().dataset.going === "yes") {
    setTimeout(follow, EVERY);
}
