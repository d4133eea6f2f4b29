# files.mk: the sources. The core's stand in floor order: a file may include only
# headers of its own floor or of one named before it; tools/tidy.py checks.
FLOORS := base wire crypto tls recovery stream conn endpoint

base := base/assert.c base/chunks.c base/ct.c base/err.c base/fault.c base/pool.c base/ranges.c \
    base/rng.c base/siphash.c

wire := wire/ack_iter.c wire/cid.c wire/frame.c wire/frame_ack.c wire/frame_credit.c \
    wire/frame_data.c wire/frame_misc.c wire/frame_path.c wire/frame_rules.c wire/header_read.c \
    wire/header_write.c wire/pktnum.c wire/retry.c wire/tparams.c wire/tparams_field.c \
    wire/tparams_table.c wire/varint.c wire/vneg.c

crypto := crypto/hkdf.c crypto/initial.c crypto/keys.c crypto/protect.c \
    crypto/retry_tag.c crypto/suite.c crypto/suite_wolfcrypt.c crypto/token.c

tls := tls/tls_address.c tls/tls_alert.c tls/tls_gate.c tls/tls_hello.c tls/tls_strikes.c tls/tls_terms.c tls/tls_wolfssl.c \
    tls/tls_wolfssl_context.c tls/tls_wolfssl_method.c tls/tls_wolfssl_peer.c tls/tls_wolfssl_queue.c \
    tls/tls_wolfssl_session.c tls/tls_wolfssl_ticket.c

recovery := recovery/acks.c recovery/cc.c recovery/cc_newreno.c recovery/ecn.c recovery/loss.c \
    recovery/loss_timer.c recovery/pacer.c recovery/rtt.c recovery/sent.c \
    recovery/skips.c

stream := stream/chain.c stream/credit.c stream/datagrams_in.c stream/datagrams_out.c stream/marks.c \
    stream/recv_buf.c stream/recv_gaps.c stream/recv_state.c stream/send_buf.c stream/send_state.c stream/stream.c stream/stream_app.c stream/stream_frames.c \
    stream/stream_ids.c stream/stream_piece.c stream/stream_set.c stream/turns.c

conn := conn/address_token.c conn/builder.c conn/cid_map.c conn/close.c conn/coalesce.c conn/conn_api.c conn/conn_check.c \
    conn/conn_delivery.c conn/conn_early.c conn/conn_effects.c conn/conn_end.c conn/conn_frames.c conn/conn_handshake.c \
    conn/conn_ids.c conn/conn_life.c conn/conn_move.c conn/conn_plan.c conn/conn_plan_datagrams.c \
    conn/conn_plan_streams.c conn/conn_recv.c conn/conn_refusal.c conn/conn_retry.c conn/conn_seal.c \
    conn/conn_send.c conn/conn_tick.c conn/conn_version.c conn/datagram_fates.c conn/early.c \
    conn/events.c conn/first_keys.c conn/held.c conn/idle.c conn/inspection.c conn/local_cids.c conn/negotiation.c \
    conn/observer.c conn/path.c conn/peer_cids.c conn/quote.c conn/reset_token.c conn/resumption.c \
    conn/route_name.c conn/spin.c \
    conn/timers.c

endpoint := endpoint/admission.c endpoint/answer.c endpoint/early_hold.c endpoint/endpoint.c \
    endpoint/endpoint_config.c endpoint/endpoint_effects.c endpoint/endpoint_inputs.c \
    endpoint/hello_mark.c endpoint/hello_version.c endpoint/outbox.c endpoint/refusal.c endpoint/route.c endpoint/schedule.c endpoint/struct_size.c

REF    := $(foreach floor,$(FLOORS),$(addprefix ref/,$($(floor))))
SIM    := $(wildcard sim/*.c)
PYFFI  := pyffi/layout.c
PROPS  := $(wildcard tests/prop/prop_*.c)
SUITES := $(foreach floor,$(FLOORS) sim,$(wildcard tests/$(floor)/test_*.c))
TESTS  := tests/main.c $(wildcard tests/support/*.c) $(PROPS) $(SUITES)
