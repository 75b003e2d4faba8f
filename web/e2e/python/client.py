"""One stock python-socketio connection, driven line by line.

Reads commands as JSON lines ({"ask": [event, payload]}, {"tell": [...]}) and writes what happens as JSON lines:
{"connected": true}, {"refused": …}, {"event": name, "args": […]}, {"ack": …}, {"disconnected": reason}. Ends with its input.
"""

import json
import sys
import threading

import socketio

url, auth, transport = sys.argv[1:4]
client = socketio.Client(reconnection=False)
writing = threading.Lock()


def say(what):
    with writing:
        print(json.dumps(what), flush=True)


@client.event
def connect():
    say({"connected": True})


@client.event
def connect_error(refusal):
    say({"refused": refusal})


@client.event
def disconnect(reason):
    say({"disconnected": reason})


@client.on("*")
def anything(event, *args):
    say({"event": event, "args": args})


try:
    client.connect(url, auth=json.loads(auth), transports=[transport], wait_timeout=10)
except socketio.exceptions.ConnectionError:
    # `connect_error` has said why.
    sys.exit()
for line in sys.stdin:
    command = json.loads(line)
    if "ask" in command:
        name, payload = command["ask"]
        client.emit(name, payload, callback=lambda *answer: say({"ack": answer[0]}))
    elif "tell" in command:
        name, payload = command["tell"]
        client.emit(name, payload)
client.disconnect()
