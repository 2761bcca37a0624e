/*
 * Times libwbxml's conversions between WBXML and XML for the codec bench.
 * Standard input, once for each document: its length in bytes and the number of runs as text, a line end, the bytes.
 * Standard output, one line each: microseconds for a run of WBXML to XML, and for one of that XML to WBXML.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <wbxml/wbxml.h>

static double now(void) {
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  return at.tv_sec * 1e6 + at.tv_nsec / 1e3;
}

static void fail(const char *what, WBXMLError error) {
  fprintf(stderr, "libwbxml: %s: %s\n", what, (const char *)wbxml_errors_string(error));
  exit(1);
}

static void to_xml(WB_UTINY *wbxml, WB_ULONG length, WB_UTINY **xml, WB_ULONG *xml_length) {
  WBXMLConvWBXML2XML *converter = NULL;
  WBXMLError error = wbxml_conv_wbxml2xml_create(&converter);
  if (error == WBXML_OK) {
    wbxml_conv_wbxml2xml_set_gen_type(converter, WBXML_GEN_XML_COMPACT);
    wbxml_conv_wbxml2xml_enable_preserve_whitespaces(converter);
    error = wbxml_conv_wbxml2xml_run(converter, wbxml, length, xml, xml_length);
    wbxml_conv_wbxml2xml_destroy(converter);
  }
  if (error != WBXML_OK) fail("to XML", error);
}

static void to_wbxml(WB_UTINY *xml, WB_ULONG length, WB_UTINY **wbxml, WB_ULONG *wbxml_length) {
  WBXMLConvXML2WBXML *converter = NULL;
  WBXMLError error = wbxml_conv_xml2wbxml_create(&converter);
  if (error == WBXML_OK) {
    wbxml_conv_xml2wbxml_set_version(converter, WBXML_VERSION_12);
    wbxml_conv_xml2wbxml_enable_preserve_whitespaces(converter);
    wbxml_conv_xml2wbxml_disable_string_table(converter);
    error = wbxml_conv_xml2wbxml_run(converter, xml, length, wbxml, wbxml_length);
    wbxml_conv_xml2wbxml_destroy(converter);
  }
  if (error != WBXML_OK) fail("to WBXML", error);
}

int main(void) {
  unsigned long length, runs;
  while (scanf("%lu %lu", &length, &runs) == 2 && getchar() == '\n') {
    WB_UTINY *wbxml = malloc(length), *xml = NULL, *again = NULL;
    WB_ULONG xml_length = 0, again_length = 0;
    if (wbxml == NULL || fread(wbxml, 1, length, stdin) != length) return 1;
    double start = now();
    for (unsigned long i = 0; i < runs; i++) {
      free(xml);
      to_xml(wbxml, length, &xml, &xml_length);
    }
    double middle = now();
    for (unsigned long i = 0; i < runs; i++) {
      free(again);
      to_wbxml(xml, xml_length, &again, &again_length);
    }
    double end = now();
    printf("%.3f %.3f\n", (middle - start) / runs, (end - middle) / runs);
    fflush(stdout);
    free(wbxml);
    free(xml);
    free(again);
  }
  return 0;
}
