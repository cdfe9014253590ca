"""What the pump does with all peers at once: take what came, make sound due, send. Kernels, bounds checked.

A datagram's first byte tells what it is (RFC 7983, section 7). SRTP and DTLS of attached peers are moved
here; whatever else comes is left to the owner: connectivity checks, reports, handshakes of those who are not
attached.
"""

import numpy as np

from spatial.kernel import compiled
from streaming.audio import FRAME
from streaming.pump.acknowledgement import expire
from streaming.pump.datagrams import ADDRESS, receive, send
from streaming.pump.dtls import is_closed, put_record, read_data, take_record, write_data
from streaming.pump.gate import pass_through
from streaming.pump.jitter import push
from streaming.pump.lookup import find
from streaming.pump.octets import ahead32, copy, get16, get32
from streaming.pump.opus import encode
from streaming.pump.packet import has_work, make_packet
from streaming.pump.rtcp import count_received
from streaming.pump.rtp import HEADER, is_rtcp, payload_of, put_header
from streaming.pump.sctp import ENDED, leave, take_packet
from streaming.pump.srtp import open_packet, seal_packet
from streaming.pump.voice import next_frame

#: First bytes of DTLS and of SRTP.
_DTLS_FIRST, _DTLS_LAST, _MEDIA_FIRST, _MEDIA_LAST = 20, 63, 128, 191
#: Records of one datagram, packets to one peer with one call: bounds for what cannot be more.
_MOST_RECORDS, _MOST_PACKETS = 64, 96


@compiled
def _take_media(functions, rows, row, packet, size, arrival, length):
    """Open an SRTP packet and put it into its jitter buffer."""
    size = open_packet(functions, rows.keys[row], packet, size, length)
    if size < 0 or packet[1] & 0x7F != rows.sendings[row].payload_type:
        return
    begin, end = payload_of(packet, size)
    if begin < 0 or begin == end:
        return
    source, sequence, timestamp = get32(packet, 8), get16(packet, 2), get32(packet, 4)
    count_received(rows.receptions[row], source, sequence, timestamp, arrival)
    rows.heard[row] = arrival / 48_000.0
    if rows.live[row]:
        push(
            rows.streams[row],
            rows.numbers[row],
            rows.sizes[row],
            rows.packets[row],
            source,
            sequence,
            timestamp,
            arrival,
            packet,
            begin,
            end - begin,
        )


@compiled
def _take_records(functions, rows, row, datagram, size, now, scratch, inbox):
    """Decrypt a datagram of records and take the SCTP packets in it."""
    connection, association = rows.connections[row], rows.associations[row]
    if not put_record(functions, connection, datagram, size):
        return
    for _ in range(_MOST_RECORDS):
        got = read_data(functions, connection, scratch.packet)
        if got == 0:
            break
        take_packet(
            association,
            rows.chunks[row],
            rows.received[row],
            rows.heartbeats[row],
            scratch.packet,
            got,
            row,
            now,
            inbox[0],
            inbox[1],
            inbox[2],
        )
    if association.open and not association.closed and is_closed(functions, connection):
        association.closed = 1
        leave(inbox[0], inbox[1], inbox[2], ENDED, row, datagram, 0, 0)


@compiled
def take_datagram(functions, rows, row, datagram, size, now, scratch, inbox):
    """Take a datagram of an attached peer; return whether it was for the pump.

    Args:
        functions: See :func:`streaming.pump.functions.addresses`.
        rows: A :class:`streaming.pump.table.Rows`, changed.
        row: Whose it is.
        datagram: (≥ size,) uint8, changed.
        size: Bytes of the datagram.
        now: Seconds.
        scratch: A :class:`streaming.pump.table.Scratch`.
        inbox: The arrays of a :class:`streaming.pump.sctp.Inbox`, changed.
    """
    if row < 0 or size < 2 or not rows.attached[row]:
        return False
    first = datagram[0]
    if _DTLS_FIRST <= first <= _DTLS_LAST:
        _take_records(functions, rows, row, datagram, size, now, scratch, inbox)
        return True
    if _MEDIA_FIRST <= first <= _MEDIA_LAST and not is_rtcp(datagram, size):
        _take_media(functions, rows, row, datagram, size, np.int64(now * 48_000.0), scratch.length)
        return True
    return False


@compiled
def sweep(functions, socket, rows, incoming, now, scratch, inbox, others):
    """Take what came at the socket.

    Args:
        functions: See :func:`streaming.pump.functions.addresses`.
        socket: Its descriptor.
        rows: A :class:`streaming.pump.table.Rows`, changed.
        incoming: Octets, addresses, sizes, headers of :class:`streaming.pump.datagrams.Datagrams`, changed.
        now: Seconds.
        scratch: A :class:`streaming.pump.table.Scratch`.
        inbox: The arrays of a :class:`streaming.pump.sctp.Inbox`, changed.
        others: (count,) int64, written: which datagrams are left to the owner.

    Returns:
        How many came, and how many of them are left.
    """
    octets, addresses, sizes, headers = incoming
    count, left = receive(functions, socket, headers, sizes), 0
    for index in range(count):
        if sizes[index] < 0:
            continue
        row = find(rows.address_keys, rows.address_rows, addresses[index], socket)
        if not take_datagram(functions, rows, row, octets[index], sizes[index], now, scratch, inbox):
            others[left] = index
            left += 1
    return count, left


@compiled
def play(functions, rows, scratch):
    """Make the next 20 ms of every microphone.

    Args:
        functions: See :func:`streaming.pump.functions.addresses`.
        rows: A :class:`streaming.pump.table.Rows`, changed.
        scratch: A :class:`streaming.pump.table.Scratch`.
    """
    for row in range(rows.attached.size):
        if not rows.attached[row]:
            continue
        frame = rows.frames[row]
        there = rows.live[row] and next_frame(
            functions,
            rows.decoders[row],
            rows.streams[row],
            rows.numbers[row],
            rows.sizes[row],
            rows.packets[row],
            rows.ready[row],
            scratch.samples,
            frame,
        )
        rows.sounds[row] = pass_through(rows.gates[row], frame, there)


@compiled
def _address(rows, row, outgoing, index):
    copy(rows.addresses[row], 0, outgoing[1][index], 0, ADDRESS)
    outgoing[5][index] = rows.sockets[row]


@compiled
def _flush(functions, outgoing, used):
    return send(functions, outgoing[5], outgoing[3], outgoing[4], outgoing[1], outgoing[2], used)


@compiled
def speak(functions, rows, listeners, mixes, timestamp, outgoing, scratch):
    """Code, seal and send what listeners hear.

    Args:
        functions: See :func:`streaming.pump.functions.addresses`.
        rows: A :class:`streaming.pump.table.Rows`, changed.
        listeners: (count,) int64, rows in any order; who is not among them hears silence, which is not sent.
        mixes: (count, 2, FRAME) float32.
        timestamp: Samples of 48 kHz since the beginning.
        outgoing: See :func:`deliver`; room for `count` datagrams at least.
        scratch: A :class:`streaming.pump.table.Scratch`.

    Returns:
        How many packets could not be made or sent.
    """
    octets, sizes = outgoing[0], outgoing[2]
    used, failed = 0, 0
    for index in range(listeners.size):
        row = listeners[index]
        sending, mix, packet = rows.sendings[row], mixes[index], octets[used]
        if not rows.attached[row]:
            continue
        for sample in range(FRAME):
            scratch.stereo[2 * sample] = mix[0, sample]
            scratch.stereo[2 * sample + 1] = mix[1, sample]
        size = encode(functions, rows.encoders[row], scratch.stereo, packet, HEADER)
        if size < 0:
            failed += 1
            continue
        # The marker tells the first packet after silence (RFC 3551, section 4.1).
        when = (timestamp + sending.offset) & 0xFFFFFFFF
        goes_on = sending.packets > 0 and ahead32(when, sending.timestamp) == FRAME
        marker = 0 if goes_on else 1
        put_header(packet, sending.payload_type, marker, sending.sequence, when, sending.source)
        sealed = seal_packet(functions, rows.keys[row], packet, HEADER + size, scratch.length)
        if sealed < 0:
            failed += 1
            continue
        sending.timestamp = when
        sending.sequence = (sending.sequence + 1) & 0xFFFF
        sending.packets += 1
        sending.octets += size
        sizes[used] = sealed
        _address(rows, row, outgoing, used)
        used += 1
    return failed + _flush(functions, outgoing, used)


@compiled
def _send_packets(functions, rows, row, message, first, size, now, outgoing, used, scratch):
    """Send what is due to one peer, a lossy message with it; return how many datagrams wait."""
    went = False
    for _ in range(_MOST_PACKETS):
        left = 0 if went else size
        if left == 0 and not has_work(rows.associations[row], now):
            break
        made, gone = make_packet(
            rows.associations[row],
            rows.chunks[row],
            rows.received[row],
            rows.slots[row],
            rows.slot_sizes[row],
            rows.heartbeats[row],
            message,
            first,
            left,
            scratch.packet,
            now,
        )
        if made == 0:
            break
        went = went or gone
        if not write_data(functions, rows.connections[row], scratch.packet, made):
            break
        used = _take_out(functions, rows, row, outgoing, used)
    if size > 0 and not went:
        rows.associations[row].held_back += 1
    return used


@compiled
def _take_out(functions, rows, row, outgoing, used):
    """Put records that wait into datagrams; return how many datagrams wait."""
    octets, sizes = outgoing[0], outgoing[2]
    while True:
        if used == sizes.size:
            _flush(functions, outgoing, used)
            used = 0
        size = take_record(functions, rows.connections[row], octets[used])
        if size == 0:
            return used
        sizes[used] = size
        _address(rows, row, outgoing, used)
        used += 1


@compiled
def deliver(functions, rows, receivers, message, ends, now, outgoing, scratch, inbox):
    """Send every peer what is due: answers, reliable chunks, and the newest state to those who are sent it.

    Args:
        functions: See :func:`streaming.pump.functions.addresses`.
        rows: A :class:`streaming.pump.table.Rows`, changed.
        receivers: (count,) int64, rows, ascending: who is sent a lossy message.
        message: uint8, the messages one after the other.
        ends: (count,) int64, where each ends.
        now: Seconds.
        outgoing: Octets, addresses, sizes, headers, vectors, sockets of
            :class:`streaming.pump.datagrams.Datagrams`, changed.
        scratch: A :class:`streaming.pump.table.Scratch`.
        inbox: The arrays of a :class:`streaming.pump.sctp.Inbox`, changed.
    """
    used, taken = 0, 0
    for row in range(rows.attached.size):
        first, size = 0, 0
        while taken < receivers.size and receivers[taken] <= row:
            # Of several to one peer the newest counts.
            first = ends[taken - 1] if taken else 0
            size = ends[taken] - first
            taken += 1
        if not rows.attached[row]:
            continue
        association = rows.associations[row]
        if association.open and not association.closed and not expire(association, rows.chunks[row], now):
            leave(inbox[0], inbox[1], inbox[2], ENDED, row, message, 0, 0)
        used = _take_out(functions, rows, row, outgoing, used)
        used = _send_packets(functions, rows, row, message, first, size, now, outgoing, used, scratch)
    _flush(functions, outgoing, used)


@compiled
def pass_packet(functions, rows, row, packet, size, outgoing):
    """Send an SCTP packet that is whole already.

    Args:
        functions: See :func:`streaming.pump.functions.addresses`.
        rows: A :class:`streaming.pump.table.Rows`, changed.
        row: To whom.
        packet: uint8.
        size: Bytes of the packet.
        outgoing: See :func:`deliver`.
    """
    if rows.attached[row] and write_data(functions, rows.connections[row], packet, size):
        _flush(functions, outgoing, _take_out(functions, rows, row, outgoing, 0))
