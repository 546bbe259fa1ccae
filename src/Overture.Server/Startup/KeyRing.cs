using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Npgsql;
using Overture.Core.Data;
using Overture.Server.Configuration;

namespace Overture.Server.Startup;

/// <summary>The framework's key ring: in the database for all nodes, sealed by the instance key.</summary>
static class KeyRing
{
    internal static readonly SecretPlace Place = new("protection_keys", "xml", "ring", WorkspaceId: 0);

    public static void AddKeyRing(this WebApplicationBuilder builder, OvertureOptions options)
    {
        builder.Services.AddDataProtection().SetApplicationName("overture");
        builder.Services.AddOptions<KeyManagementOptions>()
            .Configure<NpgsqlDataSource, TimeProvider, SecretBox>((ring, database, time, box) =>
            {
                ring.XmlRepository = new Rows(database, time);
                ring.XmlEncryptor = new Sealer(box);
            });
    }

    sealed class Rows(NpgsqlDataSource database, TimeProvider time) : IXmlRepository
    {
        public IReadOnlyCollection<XElement> GetAllElements() =>
            [.. ProtectionKeyStore.All(database).Select(XElement.Parse)];

        public void StoreElement(XElement element, string friendlyName) =>
            ProtectionKeyStore.Add(
                database, element.ToString(SaveOptions.DisableFormatting), time.GetUtcNow());
    }

    sealed class Sealer(SecretBox box) : IXmlEncryptor
    {
        public EncryptedXmlInfo Encrypt(XElement plaintextElement)
        {
            var sealedBytes = box.Seal(plaintextElement.ToString(SaveOptions.DisableFormatting), Place);
            return new(new XElement("sealed", Convert.ToBase64String(sealedBytes)), typeof(Opener));
        }
    }

    /// <summary>Found by the framework through the type name it stored with the key.</summary>
    internal sealed class Opener(IServiceProvider services) : IXmlDecryptor
    {
        public XElement Decrypt(XElement encryptedElement) => XElement.Parse(
            services.GetRequiredService<SecretBox>().OpenText(
                Convert.FromBase64String(encryptedElement.Value), Place));
    }
}
