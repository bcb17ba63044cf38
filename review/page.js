"use strict";
(() => {
	const byId = (id) => document.getElementById(id);
	const rows = [...document.querySelectorAll("details.row")];
	const texts = rows.map((row) => row.querySelector("summary").textContent.toLowerCase());

	const filter = () => {
		const words = byId("find").value.toLowerCase().split(/\s+/).filter(Boolean);
		let shown = 0;
		rows.forEach((row, i) => {
			row.hidden = !words.every((word) => texts[i].includes(word));
			shown += !row.hidden;
		});
		document.querySelectorAll("section.harm").forEach((section) => {
			section.hidden = !section.querySelector("details.row:not([hidden])");
		});
		byId("found").textContent = words.length ? shown + " of " + rows.length : "";
	};
	const setOpen = (open) => rows.forEach((row) => {
		if (!row.hidden)
			row.open = open;
	});
	/* A box of the graph leads to its line, which may be filtered away. */
	const follow = () => {
		const row = /^#i\d+$/.test(location.hash) && byId(location.hash.slice(1));
		if (!row)
			return;
		if (row.hidden) {
			byId("find").value = "";
			filter();
		}
		row.open = true;
		row.scrollIntoView({ block: "center" });
	};

	byId("tools").hidden = rows.length < 2;
	byId("find").addEventListener("input", filter);
	byId("open").addEventListener("click", () => setOpen(true));
	byId("close").addEventListener("click", () => setOpen(false));
	addEventListener("hashchange", follow);
	addEventListener("beforeprint", () => setOpen(true));
	follow();
})();
