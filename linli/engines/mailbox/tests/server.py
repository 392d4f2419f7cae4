"""A real IMAP server on loopback (Twisted's), plain or behind a TLS front with a certificate of its own."""

from __future__ import annotations

import io
import ipaddress
import itertools
import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.parser import BytesHeaderParser
from email.utils import format_datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from twisted.cred import checkers, portal
from twisted.internet import defer, protocol, threads
from twisted.internet import reactor as _reactor
from twisted.mail import imap4
from zope.interface import implementer  # type: ignore[import-untyped]

# Twisted finds its loop and its interfaces when it runs; a type checker cannot.
reactor: Any = _reactor
_started = threading.Event()


def _start_reactor():
    if not _started.is_set():
        _started.set()
        threading.Thread(target=reactor.run, kwargs={"installSignalHandlers": False}, daemon=True).start()


@implementer(imap4.IMessage, imap4.IMessageFile)
@dataclass(eq=False)
class Letter:
    uid: int
    raw: bytes
    flags: set[str] = field(default_factory=set)
    date: datetime = datetime(2026, 3, 10, 1, 0, tzinfo=UTC)

    def open(self):
        return io.BytesIO(self.raw)

    def getUID(self):  # noqa: N802
        return self.uid

    def getFlags(self):  # noqa: N802
        return list(self.flags)

    def getInternalDate(self):  # noqa: N802
        return format_datetime(self.date)

    def getHeaders(self, negate, *names):  # noqa: N802
        found = BytesHeaderParser().parsebytes(self.raw)
        wanted = {n.lower() for n in names}
        return {k.lower(): str(v) for k, v in found.items() if (k.lower() in wanted) is not negate or not names}

    def getBodyFile(self):  # noqa: N802
        return io.BytesIO(self.raw.partition(b"\r\n\r\n")[2])

    def getSize(self):  # noqa: N802
        return len(self.raw)

    def isMultipart(self):  # noqa: N802
        return False

    def getSubPart(self, part):  # noqa: N802
        raise IndexError(part)


@implementer(imap4.IMailbox, imap4.IMailboxInfo, imap4.ISearchableMailbox)
class Folder:
    """A folder in memory; ``validity`` may be changed, as a server does that was set up anew."""

    def __init__(self):
        self.letters, self.validity, self.following = [], 7, 1
        self.listeners = []

    def put(self, raw, *, seen=False, date=None):
        letter = Letter(self.following, raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
        letter.date = date or letter.date
        letter.flags |= {"\\Seen"} if seen else set()
        self.following += 1
        self.letters.append(letter)
        return letter

    def getUIDValidity(self):  # noqa: N802
        return self.validity

    def getUIDNext(self):  # noqa: N802
        return self.following

    def getUID(self, message):  # noqa: N802
        return self.letters[message - 1].uid

    def getMessageCount(self):  # noqa: N802
        return len(self.letters)

    def getRecentCount(self):  # noqa: N802
        return 0

    def getUnseenCount(self):  # noqa: N802
        return sum("\\Seen" not in letter.flags for letter in self.letters)

    def isWriteable(self):  # noqa: N802
        return True

    def destroy(self):
        raise NotImplementedError

    def requestStatus(self, names):  # noqa: N802
        return imap4.statusRequestHelper(self, names)

    def addListener(self, listener):  # noqa: N802
        self.listeners.append(listener)

    def removeListener(self, listener):  # noqa: N802
        self.listeners.remove(listener)

    def addMessage(self, message, flags=(), date=None):  # noqa: N802
        self.put(message.read())
        return defer.succeed(None)

    def expunge(self):
        return []

    def getFlags(self):  # noqa: N802
        return ["\\Seen"]

    def getHierarchicalDelimiter(self):  # noqa: N802
        return "/"

    def fetch(self, messages, uid):
        if not self.letters:
            return []
        messages.last = self.letters[-1].uid if uid else len(self.letters)
        pairs = enumerate(self.letters, 1)
        return [(n, letter) for n, letter in pairs if (letter.uid if uid else n) in messages]

    def search(self, query, uid):
        """Do what is asked for with words of our own: Twisted's SINCE fails on Python 3."""
        words = [w for part in query for w in (part if isinstance(part, list) else [part])]
        found = list(enumerate(self.letters, 1))
        while words:
            word = words.pop(0).upper()
            if word == b"UNSEEN":
                found = [(n, m) for n, m in found if "\\Seen" not in m.flags]
            elif word == b"SINCE":
                since = datetime.strptime(words.pop(0).decode(), "%d-%b-%Y").replace(tzinfo=UTC)
                found = [(n, m) for n, m in found if m.date >= since]
            else:
                wanted = imap4.parseIdList(words.pop(0), self.following)
                found = [(n, m) for n, m in found if m.uid in wanted]
        return defer.succeed([m.uid if uid else n for n, m in found])

    def store(self, messages, flags, mode, uid):
        changed = {}
        for n, letter in self.fetch(messages, uid):
            letter.flags = set(flags) if mode == 0 else letter.flags | set(flags) if mode > 0 else letter.flags
            changed[n] = list(letter.flags)
        return changed


class _Account(imap4.MemoryAccount):
    def _emptyMailbox(self, name, id):  # noqa: N802
        return Folder()


@implementer(portal.IRealm)
class _Realm:
    def __init__(self, account):
        self.account = account

    def requestAvatar(self, avatar, mind, *interfaces):  # noqa: N802
        return imap4.IAccount, self.account, lambda: None


class Server:
    """The server: ``folder`` is its INBOX; ``port`` where it listens in plain text."""

    def __init__(self, user="fanying@example.org", password="shouquan"):
        _start_reactor()
        self.account = _Account(user)
        self.folder = Folder()
        self.account.addMailbox("INBOX", self.folder)
        checker = checkers.InMemoryUsernamePasswordDatabaseDontUse()
        checker.addUser(user.encode(), password.encode())
        make: Any = portal.Portal
        realm = make(_Realm(self.account), [checker])
        factory: Any = protocol.ServerFactory()

        def build(_address):
            found: Any = imap4.IMAP4Server()
            found.portal = realm
            found.factory = factory
            return found

        factory.buildProtocol = build
        self.listening: Any = threads.blockingCallFromThread(reactor, reactor.listenTCP, 0, factory, 50, "127.0.0.1")
        self.port = self.listening.getHost().port

    def stop(self):
        threads.blockingCallFromThread(reactor, defer.maybeDeferred, self.listening.stopListening)


def certificate(name="localhost", days=30):
    """Return (certificate, key) in PEM, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    names = [x509.DNSName(name), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=60))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return made.public_bytes(serialization.Encoding.PEM).decode(), private.decode()


class Front:
    """Takes TLS off and passes the rest on to a plain server: at once, or after STARTTLS."""

    def __init__(self, port, tmp_path, pem, *, starttls=False):
        path = tmp_path / f"front-{next(_numbers)}.pem"
        path.write_text(pem[0] + pem[1], encoding="ascii")
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(path)
        self.behind, self.starttls = port, starttls
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        with suppress(OSError):
            while True:
                client, _address = self.listening.accept()
                threading.Thread(target=self._one, args=(client,), daemon=True).start()

    def _one(self, client):
        with suppress(OSError, ssl.SSLError), client, socket.create_connection(("127.0.0.1", self.behind)) as server:
            if self.starttls:
                client.sendall(server.recv(4096))
                self._until_starttls(client)
            with self.context.wrap_socket(client, server_side=True) as secure:
                back = threading.Thread(target=_pump, args=(server, secure), daemon=True)
                back.start()
                _pump(secure, server)
                back.join(5)

    def _until_starttls(self, client):
        while line := client.recv(4096):
            tag, _space, verb = line.strip().partition(b" ")
            if verb.upper() == b"CAPABILITY":
                client.sendall(b"* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED\r\n" + tag + b" OK done\r\n")
            elif verb.upper() == b"STARTTLS":
                client.sendall(tag + b" OK begin\r\n")
                return

    def stop(self):
        self.listening.close()


_numbers = itertools.count()


def _pump(one, other):
    with suppress(OSError, ssl.SSLError, ValueError):
        while data := one.recv(65536):
            other.sendall(data)
    with suppress(OSError):
        other.shutdown(socket.SHUT_RDWR)
