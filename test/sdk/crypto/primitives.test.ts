/**
 * @module test/sdk/crypto/primitives
 * The primitives as their standards' own vectors have them: what our formats rest on is what the standards mean.
 */
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { scryptAsync } from "@noble/hashes/scrypt.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { ml_kem768_x25519 } from "@noble/post-quantum/hybrid.js";
import { expect } from "chai";
import { fromHex, toHex, utf8, type Hex } from "../../../sdk/src/bytes.ts";
import { importAesKey, openAes, openXChaCha, sealAes, sealXChaCha } from "../../../sdk/src/crypto/aead.ts";
import { envelopePublicKeyOf, signBytes, verifyBytes } from "../../../sdk/src/crypto/index.ts";
import { expectCode, flipped } from "../records/support.ts";

const bytes = (hex: string) => fromHex(`0x${hex.replace(/\s/g, "")}`);
const SUNSCREEN = utf8(
  "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.",
);

describe("primitives against their standards", () => {
  describe("HKDF-SHA-256 (RFC 5869, appendix A)", () => {
    const cases: { ikm: string; salt: string; info: string; length: number; okm: string }[] = [
      {
        ikm: "0b".repeat(22),
        salt: "000102030405060708090a0b0c",
        info: "f0f1f2f3f4f5f6f7f8f9",
        length: 42,
        okm: "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
      },
      {
        ikm: "0b".repeat(22),
        salt: "",
        info: "",
        length: 42,
        okm: "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
      },
    ];
    for (const [index, { ikm, salt, info, length, okm }] of cases.entries()) {
      it(`gives the output of case ${index + 1}`, () => {
        const output = hkdf(sha256, bytes(ikm), salt === "" ? undefined : bytes(salt), bytes(info), length);
        expect(toHex(output)).to.equal(`0x${okm}`);
      });
    }
  });

  describe("ChaCha20-Poly1305 (RFC 8439, section 2.8.2)", () => {
    it("gives the tag of the example", () => {
      const key = Uint8Array.from({ length: 32 }, (_, index) => 0x80 + index);
      const sealed = chacha20poly1305(
        key,
        bytes("070000004041424344454647"),
        bytes("50515253c0c1c2c3c4c5c6c7"),
      ).encrypt(SUNSCREEN);
      expect(toHex(sealed.slice(-16))).to.equal("0x1ae10b594f09e26a7e902ecbd0600691");
    });
  });

  describe("XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03, appendix A.3.1)", () => {
    const key = Uint8Array.from({ length: 32 }, (_, index) => 0x80 + index);
    const nonce = Uint8Array.from({ length: 24 }, (_, index) => 0x40 + index);
    const aad = bytes("50515253c0c1c2c3c4c5c6c7");

    it("gives the tag of the example and opens it again", () => {
      const sealed = sealXChaCha(key, nonce, SUNSCREEN, aad);
      expect(toHex(sealed.slice(0, 16))).to.equal("0xbd6d179d3e83d43b9576579493c0e939");
      expect(toHex(sealed.slice(-16))).to.equal("0xc0875924c1c7987947deafd8780acf49");
      expect(openXChaCha(key, nonce, sealed, aad)).to.deep.equal(SUNSCREEN);
    });

    it("refuses other data beside the ciphertext", async () => {
      const sealed = sealXChaCha(key, nonce, SUNSCREEN, aad);
      await expectCode(() => openXChaCha(key, nonce, sealed, flipped(aad, 0)), "DECRYPTION_FAILED");
      await expectCode(() => openXChaCha(key, flipped(nonce, 23), sealed, aad), "DECRYPTION_FAILED");
    });
  });

  describe("AES-256-GCM (McGrew and Viega, test cases 13, 14 and 16)", () => {
    const cases = [
      { key: "00".repeat(32), iv: "00".repeat(12), aad: "", plain: "", sealed: "530f8afbc74536b9a963b4f1c4cb738b" },
      {
        key: "00".repeat(32),
        iv: "00".repeat(12),
        aad: "",
        plain: "00".repeat(16),
        sealed: "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919",
      },
      {
        key: "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
        iv: "cafebabefacedbaddecaf888",
        aad: "feedfacedeadbeeffeedfacedeadbeefabaddad2",
        plain: `d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72
          1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39`,
        sealed: `522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa
          8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b`,
      },
    ];
    for (const [index, { key, iv, aad, plain, sealed }] of cases.entries()) {
      it(`gives the output of case ${index + 1} and opens it again`, async () => {
        const aes = await importAesKey(bytes(key));
        expect(toHex(await sealAes(aes, bytes(iv), bytes(plain), bytes(aad)))).to.equal(toHex(bytes(sealed)));
        expect(await openAes(aes, bytes(iv), bytes(sealed), bytes(aad))).to.deep.equal(bytes(plain));
      });
    }
  });

  describe("Ed25519 (RFC 8032, section 7.1)", () => {
    const cases: { secret: string; publicKey: string; message: string; signature: string }[] = [
      {
        secret: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        publicKey: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        message: "",
        signature: `e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155
          5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b`,
      },
      {
        secret: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        publicKey: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        message: "72",
        signature: `92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da
          085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00`,
      },
    ];
    for (const [index, { secret, publicKey, message, signature }] of cases.entries()) {
      it(`signs and verifies as in test ${index + 1}`, () => {
        expect(toHex(signBytes(bytes(secret), bytes(message)))).to.equal(toHex(bytes(signature)));
        expect(verifyBytes(bytes(publicKey), bytes(message), bytes(signature))).to.equal(true);
        expect(verifyBytes(bytes(publicKey), bytes(message), flipped(bytes(signature), 40))).to.equal(false);
      });
    }

    it("refuses a small-order key, under which one signature would fit any message", () => {
      const identity = new Uint8Array(32);
      identity[0] = 1;
      const forged = new Uint8Array(64);
      forged[0] = 1;
      expect(verifyBytes(identity, utf8("anything"), forged)).to.equal(false);
    });

    it("takes keys and signatures of other lengths for false", () => {
      expect(verifyBytes(new Uint8Array(31), new Uint8Array(), new Uint8Array(64))).to.equal(false);
      expect(verifyBytes(new Uint8Array(32).fill(255), new Uint8Array(), new Uint8Array(64))).to.equal(false);
      expect(verifyBytes(new Uint8Array(32), new Uint8Array(), new Uint8Array(63))).to.equal(false);
    });
  });

  describe("scrypt (RFC 7914, section 12)", () => {
    it("gives the output of the second case", async () => {
      const output = await scryptAsync(utf8("password"), utf8("NaCl"), { N: 1024, r: 8, p: 16, dkLen: 64 });
      const wanted = `fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162
        2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640`;
      expect(toHex(output)).to.equal(toHex(bytes(wanted)));
    });
  });

  describe("X-Wing (draft-connolly-cfrg-xwing-kem-08, appendix C)", () => {
    const secret = bytes("7f9c2ba4e88f827d616045507605853ed73b8093f6efbc88eb1a6eacfa66ef26");
    const eseed = bytes(`3cb1eea988004b93103cfb0aeefd2a686e01fa4a58e8a3639ca8a1e3f9ae57e2
      35b8cc873c23dc62b8d260169afa2f75ab916a58d974918835d25e6a435085b2`);
    const shared: Hex = "0xd2df0522128f09dd8e2c92b1e905c793d8f57a54c3da25861f10bf4ca613e384";

    it("gives the shared secret of the first case on both sides", () => {
      const { cipherText, sharedSecret } = ml_kem768_x25519.encapsulate(envelopePublicKeyOf(secret), eseed);
      expect(toHex(sharedSecret)).to.equal(shared);
      expect(toHex(ml_kem768_x25519.decapsulate(cipherText, secret))).to.equal(shared);
    });
  });
});
