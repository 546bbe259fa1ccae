using System.Text;
using System.Text.Json;

namespace Overture.Bench.ListImport;

/// <summary>
/// A list as it comes out of ten years of sales tools: a byte order mark, addresses in other case, twice or
/// broken, quoted line breaks, cells in Latin-1, and columns that nobody reads. The same seed makes the same
/// bytes. Every address is of a reserved domain.
/// </summary>
static class DirtyList
{
    const int PeoplePerCompany = 8;
    const double Doubled = 0.065;
    const double Broken = 0.02;
    const double WithLineBreak = 0.01;
    const double InLatin1 = 0.005;
    const int UnreadColumns = 6;

    static readonly string[] First = ["Ann", "Bob", "Carla", "Deniz", "Elif", "Farid", "Gwen", "Hiro", "Ida",
        "Jonas", "Kofi", "Lena", "Mateo", "Nora", "Olu", "Petra", "Quinn", "Rosa", "Samir", "Tess"];

    static readonly string[] Last = ["Abel", "Brandt", "Costa", "Dietz", "Eriksen", "Ferrari", "Graf", "Haas",
        "Ivanov", "Jansen", "Keller", "Lorenz", "Meyer", "Novak", "Okafor", "Pereira", "Quist", "Rossi",
        "Sato", "Turner"];

    static readonly string[] Titles = ["Chief Executive Officer", "Chief Technology Officer", "Founder",
        "Head of Sales", "VP Engineering", "Marketing Manager", "Director of Operations", "Product Manager"];

    static readonly string[] Industries = ["Software", "Logistics", "Retail", "Biotechnology", "Insurance"];

    /// <summary>
    /// Beside the list itself, the same rows as clean UTF-8, which is all that a peer can read; and the list
    /// as it comes a year later, with another title and phone in every row.
    /// </summary>
    public static int Write(string path, int rows, int seed)
    {
        Write(path + ".later", rows, seed, isLater: true, isClean: false);
        Write(path + ".clean", rows, seed, isLater: false, isClean: true);
        Console.WriteLine(Write(path, rows, seed, isLater: false, isClean: false));
        return 0;
    }

    static string Write(string path, int rows, int seed, bool isLater, bool isClean)
    {
        var random = new Random(seed);
        using var file = new BufferedStream(File.Create(path), 1 << 20);
        if (!isClean) file.Write(Encoding.UTF8.Preamble);
        Put(file, "First Name,Last Name,Title,Company,Website,Email,Phone,City,Country,Industry,# Employees,"
            + "Person Linkedin Url" + string.Concat(
                Enumerable.Range(1, UnreadColumns).Select(at => $",Custom {at}")) + "\n");
        var (doubled, broken, people) = (0, 0, 0);
        var companies = new HashSet<int>();
        for (var row = 0; row < rows; row++)
        {
            var isDoubled = people > 0 && random.NextDouble() < Doubled;
            var person = isDoubled ? random.Next(people) : people++;
            if (isDoubled) doubled++;
            // Somebody whose address is broken comes once, so that the report can be told beforehand.
            var isBroken = !isDoubled && IsBroken(person);
            if (isDoubled && IsBroken(person)) (isDoubled, doubled, person) = (false, doubled - 1, people++);
            isBroken = !isDoubled && IsBroken(person);
            if (isBroken) broken++;
            companies.Add(CompanyOf(person));
            var line = Line(person, isDoubled, isBroken, isLater, random);
            Put(file, line, random.NextDouble() < InLatin1 && !isClean);
        }

        return JsonSerializer.Serialize(new
        {
            rows, leads_added = rows - doubled, duplicates_in_file = doubled, problem_count = broken,
            companies_added = companies.Count,
        });
    }

    static bool IsBroken(int person) => (uint)(person * 2_654_435_761L) / (double)uint.MaxValue < Broken;

    // Neighbours in the list are seldom neighbours at work.
    static int CompanyOf(int person) => (int)(person * 48_271L % 2_147_483_647 % 25_000);

    static string Line(int person, bool isDoubled, bool isBroken, bool isLater, Random random)
    {
        var company = CompanyOf(person);
        var first = First[person % First.Length];
        var last = $"{Last[person / 7 % Last.Length]}{person}";
        var email = $"{first}.{last}@client{company}.example".ToLowerInvariant();
        if (isDoubled) email = email.ToUpperInvariant();
        if (isBroken) email = email.Replace("@", person % 2 == 0 ? " at " : "@@", StringComparison.Ordinal);
        var title = Titles[(isLater ? person + 1 : person) % Titles.Length];
        var phone = $"+43 {(isLater ? 2 : 1)} {person:0000000}";
        var separator = random.NextDouble() < WithLineBreak ? "\n" : " ";
        var unread =
            string.Concat(Enumerable.Range(0, UnreadColumns).Select(at => $",value {person % 97} {at}"));
        return $"{first},{last},\"{title},{separator}EMEA\",\"Müller {company}, "
            + $"Inc.\",https://www.client{company}"
            + $".example/about,{email},{phone},Zürich,Österreich,"
            + $"{Industries[company % Industries.Length]},{company % 900},https://www.linkedin.com/in/"
            + $"{first.ToLowerInvariant()}-{person}/{unread}\n";
    }

    static void Put(Stream file, string line, bool isLatin1 = false) =>
        file.Write((isLatin1 ? Encoding.Latin1 : Encoding.UTF8).GetBytes(line));
}
