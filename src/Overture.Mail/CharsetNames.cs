using System.Collections.Frozen;

namespace Overture.Mail;

/// <summary>
/// Names that mail uses and the platform does not know, or knows as a smaller set than senders mean: Western
/// names mean windows-1252 and gb2312 means GB18030, as the WHATWG Encoding Standard found on the web.
/// </summary>
static class CharsetNames
{
    /// <summary>From a name of letters and digits only to a name of the platform.</summary>
    public static readonly FrozenDictionary<string, string> Aliases = Read("""
        utf-8: utf8 unicode11utf8 unicode20utf8 xunicode20utf8 utf8mb4 cp65001 65001 unicode utf8n
        windows-1252: usascii ascii ansix341968 ansix341986 iso646us isoir6 iso646 646 cp367 ibm367 us 7bit
        windows-1252: iso88591 iso885911987 isoir100 latin1 l1 ibm819 cp819 csisolatin1 88591 iso8859 latin
        windows-1252: iso1 cp1252 xcp1252 windows1252 win1252 ansi default xunknown unknown unknown8bit 8bit
        windows-1252: xuserdefined
        windows-1254: iso88599 iso885991989 latin5 l5 cp1254 isoir148 csisolatin5
        windows-874: iso885911 tis620 tis6202533 dos874 iso8859112001 xwindows874
        iso-8859-8: iso88598i iso88598e csiso88598i logical
        iso-8859-6: iso88596i iso88596e
        iso-8859-2: latin2 l2 88592
        iso-8859-15: latin9 latin0 l9 885915
        gb18030: gb2312 gbk xgbk cp936 ms936 gb23121980 chinese csgb2312 csiso58gb231280 euccn xeuccn
        gb18030: isoir58 gb
        hz-gb-2312: hz hzgb2312 hzgb
        big5: big5hkscs big5tw cnbig5 xxbig5 csbig5 big5eten bigfive big5cp950
        shift_jis: sjis xsjis ms932 mskanji cp932 windows31j cswindows31j shiftjis xmscp932 cp943 cp943c
        euc-jp: eucjp xeucjp ujis cseucpkdfmtjapanese
        iso-2022-jp: iso2022jp csiso2022jp iso2022jp1 iso2022jp2 iso2022jp3 iso2022jp2004 iso2022jpms
        iso-2022-jp: cp50220 jis
        ks_c_5601-1987: euckr ksc5601 ksc56011987 ksc56011989 korean cp949 uhc ms949 windows949 xwindows949
        ks_c_5601-1987: isoir149
        iso-2022-kr: iso2022kr csiso2022kr
        koi8-r: koi8 koi koi8r cskoi8r koi7
        koi8-u: koi8u koi8ru
        macintosh: mac macroman xmacroman xmac csmacintosh
        x-mac-cyrillic: maccyrillic xmacukrainian
        utf-16: utf16 ucs2 iso10646ucs2 unicodefeff csunicode utf16le
        utf-16BE: utf16be unicodefffe
        """);

    static FrozenDictionary<string, string> Read(string table)
    {
        var aliases = new Dictionary<string, string>();
        foreach (var line in table.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, names) = (line[..line.IndexOf(':')].Trim(), line[(line.IndexOf(':') + 1)..]);
            foreach (var alias in names.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                aliases[alias] = name;
        }

        return aliases.ToFrozenDictionary();
    }
}
