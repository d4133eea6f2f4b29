/*
 * limits.h: every bound there is, with the reason for its value.
 *
 * Reaching a bound is an answer (GN_ERR_FULL, a fault, a dropped packet) and
 * never a surprise. Whoever needs a new bound adds it to the block of its
 * floor, with its unit and its reason.
 */
#ifndef GN_BASE_LIMITS_H
#define GN_BASE_LIMITS_H

/* base */

/* Ranges in one set. Loss in bursts leaves few gaps at a time; 32 ranges are 512 bytes a set. */
#define GN_RANGES_MAX 32

/* wire */

/* Bytes of a connection id (RFC 9000 17.2); longer ones exist in other versions only. */
#define GN_CID_MAX 20

/*
 * Bytes of the largest UDP payload we build, and of the largest we open: an
 * Ethernet frame's 1500 less 20 of IPv4 and 8 of UDP is 1472, rounded up so
 * that a link without either header still fits. We tell the peer so in
 * max_udp_payload_size (RFC 9000 18.2).
 */
#define GN_DATAGRAM_MAX 1500

/* Bytes of the smallest UDP payload every path must carry (RFC 9000 14). */
#define GN_DATAGRAM_MIN 1200

/* Ranges in an ACK frame we send: as many as a set of packet numbers holds. */
#define GN_ACK_RANGES_SENT_MAX GN_RANGES_MAX

/* Bytes of an address validation token we make or keep: ours are below 100, others' below 200. */
#define GN_TOKEN_MAX 256

/* Bytes of the reason phrase of CONNECTION_CLOSE that we send or keep: a line of text. */
#define GN_REASON_MAX 128

/* Bytes of a stateless reset token (RFC 9000 10.3). */
#define GN_RESET_TOKEN_BYTES 16

/* Bytes of one ALPN protocol name: the registered ones are 2 to 12; TLS would allow 255. */
#define GN_ALPN_MAX 16

/* stream */

/*
 * Bytes of stream data in one chunk: a packet's worth and a half, so that most packets touch one
 * chunk and a short exchange costs one; a page of memory holds nearly two.
 */
#define GN_CHUNK_BYTES 2048

/*
 * Chunks kept for bytes that arrive in order. Were the last ones spent on bytes that wait for a gap
 * to be filled, or on bytes to be sent, the gap could not be filled and nothing would move again.
 * What arrives in one packet touches two chunks at most.
 */
#define GN_CHUNKS_SPARE 2

/*
 * Buckets in which a connection finds its streams by id: for a hundred streams at a time, the
 * usual concurrency, one or two to a bucket; 256 bytes a connection.
 */
#define GN_STREAM_BUCKETS 64

/*
 * Pages of received datagrams that wait for the application. It takes them after every input, so
 * they come from one UDP datagram or a few; 16 pages are 32 KiB.
 */
#define GN_DATAGRAMS_IN_PAGES 16

#endif
