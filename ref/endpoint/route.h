/*
 * route.h: a datagram to the connection it is for, or to a new one (RFC 9000 5.2).
 */
#ifndef GN_ENDPOINT_ROUTE_H
#define GN_ENDPOINT_ROUTE_H

#include "endpoint/endpoint.h"
#include "gnomon.h"

/*
 * Finds the connection by the first packet's destination ID and gives it the
 * datagram. A server makes a connection for an Initial packet that opens; what
 * does not open leaves no trace.
 */
void gn_route_datagram(gn_endpoint *ep, const gn_datagram *datagram);

#endif
