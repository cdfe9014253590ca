/** Names of what proposals and reports are about, and of the districts: fetched once, said in the chosen language. */

import type { Api } from "../../api/client";
import type { City } from "../../city";
import { chosen, language } from "../../i18n";
import type { Bilingual } from "../../render/api";
import type { Point } from "../../world/districts";

export interface Service {
  readonly code: string;
  readonly name: Bilingual;
  readonly about: Bilingual;
}

export interface Category {
  readonly code: string;
  readonly name: Bilingual;
}

export class Names {
  private listed: Promise<readonly Service[]> | null = null;
  private sorted: Promise<readonly Category[]> | null = null;
  private readonly known = new Map<string, Bilingual>();

  constructor(
    private readonly api: Api,
    private readonly city: City,
  ) {}

  /** Throws ProblemError; asked again it is fetched again. */
  services(): Promise<readonly Service[]> {
    this.listed ??= this.fetchServices().catch((error: unknown) => {
      this.listed = null;
      throw error;
    });
    return this.listed;
  }

  /** Throws ProblemError; asked again it is fetched again. */
  categories(): Promise<readonly Category[]> {
    this.sorted ??= this.fetchCategories().catch((error: unknown) => {
      this.sorted = null;
      throw error;
    });
    return this.sorted;
  }

  /** Of a service or a category that was fetched before; its code until then. */
  of(kind: "service" | "category", code: string): Bilingual {
    return this.known.get(`${kind} ${code}`) ?? { ko: code, en: code };
  }

  /** The neighbourhood that a point lies in, in the chosen language; empty outside all. */
  place([x, z]: Point): string {
    const { districts } = this.city;
    const dong = districts.get()?.dongAt(x, z);
    if (!dong) return "";
    const gu = districts.get()?.guOf(dong);
    if (!gu) return chosen(dong.name);
    // Korean goes from the large to the small, English the other way.
    return language.get() === "ko" ? `${gu.name.ko} ${dong.name.ko}` : `${dong.name.en}, ${gu.name.en}`;
  }

  private async fetchServices(): Promise<readonly Service[]> {
    const found = await this.api.take(this.api.http.GET("/api/v1/reports/services"));
    return found.map((one) => {
      const name = { ko: one.name_ko, en: one.name_en };
      this.known.set(`service ${one.code}`, name);
      return { code: one.code, name, about: { ko: one.description_ko, en: one.description_en } };
    });
  }

  private async fetchCategories(): Promise<readonly Category[]> {
    const found = await this.api.take(this.api.http.GET("/api/v1/proposals/categories"));
    return found.map(({ code, ko, en }) => {
      this.known.set(`category ${code}`, { ko, en });
      return { code, name: { ko, en } };
    });
  }
}
