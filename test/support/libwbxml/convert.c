/*
 * libwbxml's conversions between WBXML and XML, as wbxml2xml -k -m 0 and xml2wbxml -k do them, one after the other in one
 * process, and how long they take. White space is kept, nothing is indented.
 * Standard input: "xml 0 0 RUNS LENGTH" or "wbxml MINOR TABLE RUNS LENGTH", a line end, the bytes. RUNS says how often it is
 * done, MINOR is that of the WBXML version, TABLE 0 makes no string table.
 * Standard output: "STATUS MICROSECONDS LENGTH", a line end, the bytes. Those of a status other than 0 are what libwbxml says.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <wbxml/wbxml.h>

/* What computes for longer hangs: SIGPROF ends it. */
#define MOST_SECONDS 15

static const WBXMLVersion VERSIONS[] = {WBXML_VERSION_10, WBXML_VERSION_11, WBXML_VERSION_12, WBXML_VERSION_13};

static void limit(time_t seconds) {
  struct itimerval timer = {{0, 0}, {seconds, 0}};
  setitimer(ITIMER_PROF, &timer, NULL);
}

static double now(void) {
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  return at.tv_sec * 1e6 + at.tv_nsec / 1e3;
}

static WBXMLError to_xml(WB_UTINY *wbxml, WB_ULONG length, WB_UTINY **xml, WB_ULONG *xml_length) {
  WBXMLConvWBXML2XML *converter = NULL;
  WBXMLError error = wbxml_conv_wbxml2xml_create(&converter);
  if (error != WBXML_OK) return error;
  wbxml_conv_wbxml2xml_set_gen_type(converter, WBXML_GEN_XML_COMPACT);
  wbxml_conv_wbxml2xml_enable_preserve_whitespaces(converter);
  error = wbxml_conv_wbxml2xml_run(converter, wbxml, length, xml, xml_length);
  wbxml_conv_wbxml2xml_destroy(converter);
  return error;
}

static WBXMLError to_wbxml(unsigned minor, unsigned table, WB_UTINY *xml, WB_ULONG length, WB_UTINY **wbxml,
                           WB_ULONG *wbxml_length) {
  WBXMLConvXML2WBXML *converter = NULL;
  WBXMLError error = wbxml_conv_xml2wbxml_create(&converter);
  if (error != WBXML_OK) return error;
  wbxml_conv_xml2wbxml_set_version(converter, VERSIONS[minor % 4]);
  wbxml_conv_xml2wbxml_enable_preserve_whitespaces(converter);
  if (!table) wbxml_conv_xml2wbxml_disable_string_table(converter);
  error = wbxml_conv_xml2wbxml_run(converter, xml, length, wbxml, wbxml_length);
  wbxml_conv_xml2wbxml_destroy(converter);
  return error;
}

int main(void) {
  char to[6];
  unsigned minor, table;
  unsigned long runs, length;
  while (scanf("%5s %u %u %lu %lu", to, &minor, &table, &runs, &length) == 5 && getchar() == '\n') {
    WB_UTINY *in = malloc(length + 1), *out = NULL;
    WB_ULONG out_length = 0;
    WBXMLError error = WBXML_OK;
    if (in == NULL || fread(in, 1, length, stdin) != length) return 1;
    limit(MOST_SECONDS);
    double start = now();
    for (unsigned long i = 0; i < runs && error == WBXML_OK; i++) {
      free(out);
      out = NULL;
      error = strcmp(to, "xml") == 0 ? to_xml(in, length, &out, &out_length)
                                     : to_wbxml(minor, table, in, length, &out, &out_length);
    }
    double end = now();
    limit(0);
    const char *said = error == WBXML_OK ? (const char *)out : (const char *)wbxml_errors_string(error);
    unsigned long said_length = error == WBXML_OK ? out_length : strlen(said);
    printf("%d %.3f %lu\n", error, (end - start) / runs, said_length);
    fwrite(said, 1, said_length, stdout);
    fflush(stdout);
    free(in);
    free(out);
  }
  return 0;
}
