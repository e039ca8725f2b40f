"""Browser: a headless Chromium, driven through chromedriver's WebDriver protocol (W3C) with nothing but the standard library."""
import base64
import json
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # W3C WebDriver, section 12.1
KEYS = {"Tab": "\ue004", "Enter": "\ue007", "Escape": "\ue00c", "End": "\ue010", "Home": "\ue011",
        "ArrowLeft": "\ue012", "ArrowUp": "\ue013", "ArrowRight": "\ue014", "ArrowDown": "\ue015"}


def installed():
    """Whether the browser and its driver are there."""
    return bool(shutil.which("chromium") and shutil.which("chromedriver"))


class Browser:
    """with Browser() as browser: ...; everything it wrote to disk is gone afterwards."""

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="heed-browser-", ignore_cleanup_errors=True)
        self.log = open(self.folder.name + "/driver.log", "w+", encoding="utf-8", errors="replace")
        # Port 0: the driver takes a free one and says which.
        self.driver = subprocess.Popen([shutil.which("chromedriver"), "--port=0"], stdout=self.log, stderr=self.log)
        self.address = "http://127.0.0.1:%d" % self._port()
        try:
            self._start()
        except BaseException:
            self.driver.kill()
            raise
        return self

    def __exit__(self, *_):
        try:
            self._send("DELETE", "")
        finally:
            self.driver.terminate()
            self.driver.wait()
            self.log.close()
            self.folder.cleanup()

    def _port(self):
        for _ in range(600):
            with open(self.log.name, encoding="utf-8", errors="replace") as log:
                words = log.read().split("started successfully on port ")
            if len(words) == 2 and "." in words[1]:
                return int(words[1].split(".")[0])
            if self.driver.poll() is not None:
                break
            time.sleep(0.1)
        raise RuntimeError("chromedriver does not start: " + open(self.log.name, encoding="utf-8").read())

    def _start(self):
        # Tests often run as root in a container, where Chromium's sandbox cannot; the page is our own.
        arguments = ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--no-first-run",
                     "--disable-background-networking", "--hide-scrollbars", "--force-device-scale-factor=1",
                     "--window-size=1280,900", "--user-data-dir=" + self.folder.name + "/profile"]
        wanted = {"browserName": "chrome", "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
                  "goog:chromeOptions": {"args": arguments, "binary": shutil.which("chromium")}}
        answer = self._request("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
        self.address += "/session/" + answer["sessionId"]
        self._send("POST", "/url", {"url": "about:blank"})  # away from the browser's own first page
        self.console()
        self.requests()

    def _request(self, method, path, body=None):
        data = None if method == "DELETE" or method == "GET" else json.dumps(body or {}).encode()
        request = urllib.request.Request(self.address + path, data=data, method=method,
                                         headers={"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=180) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError("%s: %s" % (path, json.load(error)["value"]["message"])) from None

    _send = _request

    def command(self, name, **parameters):
        """A command of the DevTools protocol."""
        return self._send("POST", "/goog/cdp/execute", {"cmd": name, "params": parameters})

    def open(self, address, width=1280, height=900, scheme="light"):
        """Opens a page in a window of that size, for a reader who prefers that colour scheme."""
        self.command("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.command("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self._send("POST", "/url", {"url": address})

    def run(self, script, *arguments):
        """Runs the body of a JavaScript function; returns what it returns."""
        return self._send("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def find(self, selector):
        return self._send("POST", "/element", {"using": "css selector", "value": selector})[ELEMENT]

    def hover(self, selector):
        """Moves the pointer to the middle of an element, which is scrolled into view first."""
        self.run("document.querySelector(arguments[0]).scrollIntoView({block: 'center', behavior: 'instant'})", selector)
        move = {"type": "pointerMove", "duration": 0, "x": 0, "y": 0, "origin": {ELEMENT: self.find(selector)}}
        self._send("POST", "/actions", {"actions": [{"type": "pointer", "id": "mouse", "actions": [move]}]})

    def click(self, selector):
        self._send("POST", "/element/%s/click" % self.find(selector))

    def press(self, *keys):
        """Presses keys, whoever has the focus."""
        actions = [{"type": kind, "value": KEYS[key]} for key in keys for kind in ("keyDown", "keyUp")]
        self._send("POST", "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})

    def screenshot(self, path, whole_page=False):
        image = self.command("Page.captureScreenshot", captureBeyondViewport=whole_page)["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(image))

    def console(self):
        """What pages wrote to the console since the last call."""
        return [entry["message"] for entry in self._send("POST", "/se/log", {"type": "browser"})]

    def requests(self):
        """The addresses that pages asked for since the last call."""
        events = [json.loads(entry["message"])["message"] for entry in self._send("POST", "/se/log", {"type": "performance"})]
        return [event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"]
