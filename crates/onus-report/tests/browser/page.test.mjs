// What a reader of the HTML report can do, in a real browser: `run` makes the pages and starts this.
import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";

const at = (page) => `${process.env.PAGES}/${page}.html`;
let browser;
before(async () => {
  browser = await chromium.launch({
    executablePath: process.env.exec_path,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
});
after(() => browser.close());

/** Opens a page; anything that goes wrong on it, and any request but for itself, fails the test. */
async function open(context, hash = "", options = {}, file = "small") {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
  const wrong = [];
  page.on("pageerror", (error) => wrong.push(error.message));
  page.on("dialog", (dialog) => { wrong.push("dialog: " + dialog.message()); dialog.dismiss(); });
  page.on("request", (request) => { if (!request.url().startsWith("file://" + at(file))) wrong.push("request: " + request.url()); });
  await page.goto("file://" + at(file) + hash);
  context.after(async () => {
    await page.close();
    assert.deepEqual(wrong, []);
  });
  return page;
}
const count = (page) => page.locator("#count").innerText();
const background = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);

test("filters narrow the findings, say how many, and can be cleared", async (context) => {
  const page = await open(context, "#findings");
  assert.equal(await count(page), "84 findings");
  await page.getByLabel("Verdict").selectOption("not-satisfied");
  await page.waitForFunction(() => document.getElementById("count").textContent.startsWith("21 findings of"));
  assert.equal(await page.locator(".row").count(), 21);
  await page.getByLabel("Severity").selectOption("critical");
  await page.waitForFunction(() => document.querySelectorAll(".row").length === 3);
  await page.getByLabel("Search").fill("main57");
  await page.waitForFunction(() => document.querySelectorAll(".row").length === 1);
  assert.match(page.url(), /verdict=not-satisfied/);
  await page.getByRole("button", { name: "Clear" }).click();
  await page.waitForFunction(() => document.getElementById("count").textContent === "84 findings");
});

test("a filter by layer and party finds the resources that have it", async (context) => {
  const page = await open(context, "#resources?layer=guest-os&party=shared");
  assert.equal(await count(page), "12 resources of 60");
  assert.equal(await page.locator(".row", { hasText: "AWS::EC2::Instance" }).count(), 12);
});

test("a resource opens by keyboard, shows its duties, and gives the focus back", async (context) => {
  const page = await open(context, "#resources");
  await page.locator(".row").first().focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  const sheet = page.getByRole("dialog");
  await sheet.waitFor();
  assert.equal(await sheet.getByRole("heading", { level: 2 }).innerText(), "module.app0.aws_db_instance.main1");
  assert.equal(await sheet.locator(".duties tbody tr").count(), 18);
  assert.ok(await sheet.locator(".duties a[href^='https://docs.aws.amazon.com/']").count() >= 18, "each layer has its basis");
  assert.match(await sheet.innerText(), /publicly_accessible = true/);
  await page.keyboard.press("Escape");
  await sheet.waitFor({ state: "hidden" });
  assert.match(await page.evaluate(() => document.activeElement.textContent), /main1/);
});

test("the stack is walked with the arrow keys", async (context) => {
  const page = await open(context);
  assert.equal(await page.locator(".band").count(), 5 * 18);
  await page.locator(".band[tabindex='0']").focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowDown");
  const label = await page.evaluate(() => document.activeElement.getAttribute("aria-label"));
  assert.match(label, /^Amazon EC2, configuration: split/);
  await page.keyboard.press("Enter");
  const sheet = page.getByRole("dialog");
  await sheet.waitFor();
  assert.equal(await sheet.getByRole("heading", { level: 2 }).innerText(), "configuration");
  await page.keyboard.press("Escape");
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute("aria-label")), label);
});

test("the theme follows the system and can be switched", async (context) => {
  const [light, dark] = [await open(context, "", { colorScheme: "light" }), await open(context, "", { colorScheme: "dark" })];
  const [bright, dim] = [await background(light), await background(dark)];
  assert.notEqual(bright, dim);
  await light.getByRole("button", { name: /light and dark/ }).press("Enter");
  assert.equal(await background(light), dim);
  await light.getByRole("button", { name: /light and dark/ }).press("Enter");
  assert.equal(await background(light), bright);
});

test("what the input holds is shown, never obeyed", async (context) => {
  const page = await open(context, "#resources");
  await page.locator(".addr", { hasText: "</script><script>alert(1)</script>" }).first().waitFor();
  assert.equal(await page.locator("script").count(), 2);
  const steering = await page.evaluate(() => /[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u202a-\u202e]/.test(document.body.innerText));
  assert.equal(steering, false);
});

test("landmarks, names, and a way past the head", async (context) => {
  const page = await open(context);
  for (const role of ["main", "navigation", "search", "banner"]) assert.equal(await page.getByRole(role).count(), 1, role);
  const nameless = await page.evaluate(() => [...document.querySelectorAll("button, a, select, input")]
    .filter((one) => !(one.getAttribute("aria-label") || one.textContent.trim() || one.labels?.length)).length);
  assert.equal(nameless, 0);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "main");
});

test("every text is legible on what is behind it, in light and dark", async (context) => {
  for (const colorScheme of ["light", "dark"]) {
    for (const hash of ["#findings", "#resources?open=r1", "#sources"]) {
      const page = await open(context, hash, { colorScheme });
      assert.deepEqual(await page.evaluate(contrast), [], `${colorScheme} ${hash}`);
    }
  }
});

/** In the page: texts with less contrast than WCAG 2.2 AA asks for (4.5), on plain backgrounds. */
function contrast() {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (color) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1); return [...canvas.getImageData(0, 0, 1, 1).data]; };
  const light = (color) => rgba(color).slice(0, 3).map((part) => part / 255).map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
  const poor = new Set();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || element.closest("script, option, noscript, .skip") || !element.checkVisibility()) continue;
    let ground = element;
    while (ground && rgba(getComputedStyle(ground).backgroundColor)[3] === 0) {
      if (getComputedStyle(ground).backgroundImage !== "none") break;
      ground = ground.parentElement;
    }
    if (!ground || getComputedStyle(ground).backgroundImage !== "none") continue;
    const [one, two] = [light(getComputedStyle(element).color), light(getComputedStyle(ground).backgroundColor)];
    const ratio = (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
    if (ratio < 4.5) poor.add(`${ratio.toFixed(2)} ${element.className || element.tagName}: ${node.data.trim().slice(0, 30)}`);
  }
  return [...poor];
}

test("nothing is wider than a small screen", async (context) => {
  for (const hash of ["", "#findings", "#resources?open=r1", "#undecided"]) {
    const page = await open(context, hash, { viewport: { width: 360, height: 740 } });
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), hash || "#stack");
  }
});

test("ten thousand resources: under 5 MB, drawn as they are scrolled to, searched at once", async (context) => {
  assert.ok(statSync(at("large")).size < 5e6);
  const page = await open(context, "#resources", {}, "large");
  assert.equal(await count(page), "10,000 resources");
  const first = await page.locator(".row").count();
  assert.ok(first < 1000);
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await page.waitForFunction((drawn) => document.querySelectorAll(".row").length > drawn, first);
  await page.getByLabel("Search").fill("main9999");
  await page.waitForFunction(() => document.querySelectorAll(".row").length === 1, null, { timeout: 3000 });
});
