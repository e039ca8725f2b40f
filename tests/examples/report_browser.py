"""report.html in a browser: hovers, moves by keyboard, looks at both colour schemes and at narrow windows.
usage: report_browser.py PROGRAM [SCREENSHOT_DIR]; PROGRAM is `remember`. Exit status 77: no browser, nothing tested."""
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import browser as browsers  # noqa: E402

SMALL = "--hidden 12 --batch 8 --warmup 5 --threads 1 --quiet".split()
MAP = "figure[data-model='%s'] .map"
failures = []


def check(condition, *message):
    if not condition:
        failures.append(" ".join(str(part) for part in message))
        print("FAILED:", failures[-1])


def remember(program, *arguments):
    subprocess.run([program, *arguments], check=True, stdout=subprocess.DEVNULL)


def make_reports(program, folder):
    """Reports of a comparison with two seeds, and of training on tokens that have a meaning in HTML. Returns addresses."""
    compared, words, pairs = folder + "/compared", folder + "/words", folder + "/pairs.tsv"
    remember(program, "compare", "--task", "reverse,copy", "--models", "lstm,bilstm+additive", "--seeds", "1,2", "--symbols", "5",
             "--train-length", "3:6", "--test-length", "3,6,12", "--count", "20", "--steps", "40", "--out", compared, *SMALL)
    odd = ["<b>", "&amp;", '"', "</script>", "'", "ü", "日本", "\\", "<!--", "averyveryverylongtoken"]
    with open(pairs, "w", encoding="utf-8") as file:
        for first in odd:
            for second in odd:
                file.write("%s %s x\t%s %s\n" % (first, second, second, first))
    remember(program, "train", "--task", "pairs", "--data", pairs, "--attention", "dot", "--steps", "20", "--out", words, *SMALL)
    return ["file://%s/report.html" % path for path in (compared, words)]


def data_of(browser):
    return json.loads(browser.run("return document.getElementById('data').textContent"))


def tip(browser):
    return browser.run("const tip = document.getElementById('tip'); return tip.hidden ? '' : tip.innerText")


def check_hover(browser, example, output, t, s):
    """Points at a cell: the tip says both tokens, the weight and the row's sum."""
    browser.hover(MAP % output["model"] + " rect[data-row='%d'][data-column='%d']" % (t, s))
    said = tip(browser)
    rows = output["weights"] or output["memory"]
    total = sum(rows[t])
    value = rows[t][s] if output["weights"] else (rows[t][s] / total if total else 0)
    for part in ("output %d %s" % (t + 1, output["tokens"][t]), "input %d %s" % (s + 1, example["source"][s]), "%.3f" % value):
        check(part in said, "the tip of", output["model"], "must say", repr(part), "got", repr(said))
    if output["weights"]:
        check("row sum 1.000" in said, "the tip must say the row's sum, got", repr(said))
    readout = browser.run("return document.querySelector(arguments[0]).innerText", "figure[data-model='%s'] .readout" % output["model"])
    check("%.3f" % value in readout, "the line below the map must say the weight, got", repr(readout))


def check_maps(browser, data):
    example = data["examples"][0]
    outputs = [output for output in example["outputs"]]
    shown = browser.run("return [...document.querySelectorAll('.maps figure')].map((figure) => figure.dataset.model)")
    wanted = (["known alignment"] if example["alignment"] else []) + [output["model"] for output in outputs]
    check(shown == wanted, "maps must be", wanted, "got", shown)
    for places, row in zip(example["alignment"], range(len(example["alignment"]))):
        fills = browser.run("return [...document.querySelectorAll(arguments[0])].map((cell) => cell.getAttribute('fill'))",
                            MAP % "known alignment" + " rect[data-row='%d']" % row)
        wanted = ["rgb(253 231 37)" if column in places else "rgb(68 1 84)" for column in range(len(example["source"]))]
        check(fills == wanted, "the known alignment must be yellow on violet in row", row, "got", fills)
    for output in outputs:
        rows, columns = len(output["tokens"]), len(example["source"])
        count = browser.run("return document.querySelectorAll(arguments[0]).length", MAP % output["model"] + " rect[data-row]")
        check(count == rows * columns, output["model"], "must have", rows * columns, "cells, got", count)
        check_hover(browser, example, output, 0, 0)
        check_hover(browser, example, output, rows - 1, columns - 1)
        wrong = browser.run("return document.querySelectorAll(arguments[0]).length", MAP % output["model"] + " text.wrong")
        check(wrong == sum(output["wrong"]), output["model"], "must mark", sum(output["wrong"]), "wrong tokens, got", wrong)
        if output["weights"]:
            sums = browser.run("return [...document.querySelectorAll(arguments[0])].map((text) => text.textContent)",
                               MAP % output["model"] + " .sum")
            check(sums == ["1.00"] * rows, "row sums must all be 1.00, got", sums)


def check_keyboard(browser, data):
    """Reaches a map with Tab alone, moves, and hears where it is."""
    example = data["examples"][0]
    output = next(output for output in example["outputs"] if output["weights"])
    browser.run("document.activeElement.blur(); window.scrollTo(0, 0)")
    here = "return document.activeElement.closest('figure')?.dataset.model ?? null"
    for _ in range(60):
        browser.press("Tab")
        if browser.run(here) == output["model"]:
            break
    else:
        check(False, "Tab never reaches the map of", output["model"])
        return
    browser.press("Home", *["ArrowUp"] * len(output["tokens"]), "ArrowRight", "ArrowDown")
    wanted = ["output 2 " + output["tokens"][1], "input 2 " + example["source"][1], "weight %.3f" % output["weights"][1][1]]
    heard = browser.run("return document.getElementById('live').textContent")
    check(all(part in heard for part in wanted), "moving must be announced:", wanted, "got", repr(heard))
    check(all(part in tip(browser).replace("\xa0", " ") for part in wanted), "the tip must follow the keys:", wanted, "got", repr(tip(browser)))
    # A page that scrolls makes a resting pointer leave the map at any moment; here an event stands for it.
    shown = tip(browser)
    browser.run("const map = document.activeElement; for (const type of ['pointerenter', 'pointerleave']) "
                "map.dispatchEvent(new PointerEvent(type))")
    check(tip(browser) == shown, "what keys showed must stay when the pointer leaves, got", repr(tip(browser)))
    browser.press("Enter")
    best = output["weights"][1].index(max(output["weights"][1]))
    heard = browser.run("return document.getElementById('live').textContent")
    check("input %d " % (best + 1) in heard, "Enter must go to the largest weight, input", best + 1, "got", repr(heard))
    browser.press("ArrowLeft", *["ArrowLeft"] * len(example["source"]))
    check("input 1 " in browser.run("return document.getElementById('live').textContent"), "the first column must be where left ends")
    browser.press("Escape")
    check(tip(browser) == "", "Escape must hide the tip")
    browser.hover(MAP % output["model"] + " rect[data-row='0'][data-column='0']")
    check(tip(browser) != "", "a pointer must show the tip again")
    browser.hover("h1")
    check(tip(browser) == "", "a pointer that leaves must hide the tip that it showed")


# The ratio of WCAG 2.1, section 1.4.3, of each text that is shown, against what is painted behind it.
CONTRASTS = """
const channels = (color) => color.match(/[\\d.]+/g).map(Number);
const light = (rgb) => { const [r, g, b] = rgb.map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
const behind = (node) => { for (; node; node = node.parentElement) { const c = channels(getComputedStyle(node).backgroundColor);
  if (c.length === 3 || c[3] === 1) return c.slice(0, 3); } return [255, 255, 255]; };
const low = [];
for (const node of document.querySelectorAll('body *')) {
  const text = [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim());
  if (!text || !node.getClientRects().length || node.closest('script, noscript, .unseen, .skip, defs')) continue;
  const style = getComputedStyle(node);
  const ink = channels(node instanceof SVGElement ? style.fill : style.color).slice(0, 3);
  const [a, b] = [light(ink), light(behind(node))].sort((x, y) => y - x);
  if ((a + 0.05) / (b + 0.05) < 4.5) low.push(`${node.tagName}.${node.getAttribute('class')} "${node.textContent.slice(0, 20)}" ` +
    `${((a + 0.05) / (b + 0.05)).toFixed(2)}`);
}
return [...new Set(low)];
"""


def brightness(browser):
    return browser.run("return getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number).reduce((a, b) => a + b) / 3")


def check_looks(browser, address, screenshots, name):
    for scheme in ("light", "dark"):
        for width in (1280, 360):
            browser.open(address, width, 900, scheme)
            look = "%s-%s-%d" % (name, scheme, width)
            check((brightness(browser) > 200) == (scheme == "light"), look, "has a background of brightness", brightness(browser))
            low = browser.run(CONTRASTS)
            check(not low, look, "has texts of low contrast:", low[:8])
            over = browser.run("return document.scrollingElement.scrollWidth - window.innerWidth")
            check(over <= 0, look, "is", over, "pixels wider than the window")
            if screenshots:
                browser.screenshot(os.path.join(screenshots, look + ".png"), whole_page=True)


def check_theme_buttons(browser, address):
    browser.open(address, scheme="light")
    browser.click("#theme [data-theme='dark']")
    check(brightness(browser) < 60, "the button for dark must make the page dark")
    check(not browser.run(CONTRASTS), "the chosen dark must be readable")
    browser.click("#theme [data-theme='auto']")
    check(brightness(browser) > 200, "auto must follow the system")


def check_chart(browser, data):
    line = data["accuracy"][0]["lines"][0]
    browser.run("document.querySelector('.chart').focus()")
    browser.press("Home")
    heard = browser.run("return document.getElementById('live').textContent")
    check("%d" % line["x"][0] in heard and line["name"] in heard and "%" in heard, "a chart must be read by keys, got", repr(heard))


def check_page(browser, address, what):
    """Nothing on the console, nothing asked for but the file itself."""
    said = browser.console()
    check(not said, what, "wrote to the console:", said)
    asked = [url for url in browser.requests() if not url.startswith("data:")]
    check(asked and all(url.split("#")[0] == address for url in asked), what, "asked for", sorted(set(asked)))


def check_everything(browser, program, folder, screenshots):
    compared, words = make_reports(program, folder)
    browser.open(compared)
    data = data_of(browser)
    check(len(data["tables"]) == 2 and len(data["accuracy"]) == 2 and len(data["curves"]) == 4, "a part of the report is missing")
    check(browser.run("return document.querySelectorAll('tbody tr').length") >= 4, "the results have no rows")
    check_maps(browser, data)
    check_keyboard(browser, data)
    check_chart(browser, data)
    check_looks(browser, compared, screenshots, "compared")
    check_theme_buttons(browser, compared)
    check_page(browser, compared, "the comparison")
    browser.open(words)
    data = data_of(browser)
    check_maps(browser, data)
    odd = {"<b>", "&amp;", '"', "</script>", "'", "ü", "日本", "\\", "<!--"}
    check(odd & set(data["examples"][0]["source"] + data["examples"][1]["source"]), "no odd token is in the examples")
    labels = browser.run("return [...document.querySelectorAll('.map text[data-column]')].map((text) => text.textContent)")
    wanted = [token if len(token) <= 9 else token[:8] + "…" for token in data["examples"][0]["source"]]
    check(labels == wanted, "labels must be", wanted, "got", labels)
    check_looks(browser, words, screenshots, "words")
    check_page(browser, words, "the report of pairs")


def main():
    if not browsers.installed():
        print("skipped: chromium and chromium-driver are not installed (./dev setup --browser installs them)")
        return 77
    screenshots = sys.argv[2] if len(sys.argv) > 2 else None
    with tempfile.TemporaryDirectory(prefix="heed-report-") as folder, browsers.Browser() as browser:
        check_everything(browser, os.path.abspath(sys.argv[1]), folder, screenshots)
    print("%d checks failed" % len(failures) if failures else "all checks passed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
