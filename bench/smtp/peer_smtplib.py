"""python3 peer_smtplib.py <port> <sessions> <messages> <message file>

prints "messages seconds cpu-seconds".
"""
import smtplib
import sys
import threading
import time

port, sessions, count = map(int, sys.argv[1:4])
message = open(sys.argv[4], "rb").read()


def send(share):
    client = smtplib.SMTP("127.0.0.1", port)
    for _ in range(share):
        client.sendmail("me@example.com", ["you@example.com"], message)
    client.quit()


threads = [threading.Thread(target=send, args=(count // sessions,)) for _ in range(sessions)]
start, cpu = time.perf_counter(), time.process_time()
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(count // sessions * sessions, f"{time.perf_counter() - start:.4f}", f"{time.process_time() - cpu:.4f}")
