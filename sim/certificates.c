/*
 * certificates.c: see certificates.h.
 */
#include "sim/certificates.h"

const char gn_sim_certificates_ca[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBIDCB06ADAgECAgEBMAUGAytlcDAXMRUwEwYDVQQDDAxTaW11bGF0ZWQgQ0Ew\n"
    "IBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMBcxFTATBgNVBAMMDFNp\n"
    "bXVsYXRlZCBDQTAqMAUGAytlcAMhAItUl+AYwCkQVfsfNniNF4ssKZOqFISev5Vj\n"
    "2vFFRaDqo0IwQDAPBgNVHRMBAf8EBTADAQH/MA4GA1UdDwEB/wQEAwICBDAdBgNV\n"
    "HQ4EFgQUwG+NaG0MyPvzO/4IgMNjvUXRKaYwBQYDK2VwA0EA1C6xpD2hbXVzcslm\n"
    "/yZQGmQMi7vdmYaL69I7gE5ceuN0k8EETR6HGrKRTI3K9uwj58Ua6dAsd9OlVM6Y\n"
    "zQWbDg==\n"
    "-----END CERTIFICATE-----\n";

const char gn_sim_certificates_server[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBczCCASWgAwIBAgIBAjAFBgMrZXAwFzEVMBMGA1UEAwwMU2ltdWxhdGVkIENB\n"
    "MCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAwMDAwWjAZMRcwFQYDVQQDDA5z\n"
    "ZXJ2ZXIuZXhhbXBsZTAqMAUGAytlcAMhALNCQye3dbFQe2VmfS0ZSzNX5CL7gL4r\n"
    "f0eU5cpl+Q4Ko4GRMIGOMAwGA1UdEwEB/wQCMAAwDgYDVR0PAQH/BAQDAgeAMBMG\n"
    "A1UdJQQMMAoGCCsGAQUFBwMBMBkGA1UdEQQSMBCCDnNlcnZlci5leGFtcGxlMB0G\n"
    "A1UdDgQWBBQURZocoM+lqKH4nCWmvJ75Q62xXzAfBgNVHSMEGDAWgBTAb41obQzI\n"
    "+/M7/giAw2O9RdEppjAFBgMrZXADQQBT7dNcQRp13SPC3VyV4OGsDZMB/lGZHwrO\n"
    "8EBARw86FMpcJZRNe28Nbtk2CtOpDJ40/qkfpxLJcuW1FiZB60YB\n"
    "-----END CERTIFICATE-----\n";

const char gn_sim_certificates_server_key[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VwBCIEIOLpSODcWaxlUjr0A4Z4ZmfT8PZJex7C3bGuSNNGH3sp\n"
    "-----END PRIVATE KEY-----\n";
